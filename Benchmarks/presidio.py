"""Measures Microsoft Presidio's pattern recognizers, without a language model, on the text that is given.

usage: presidio.py TEXT            prints how many megabytes a second they read
       presidio.py --corpus LINES  prints their recall and precision (Markdown) on what `masking-quality --export` wrote
"""

import json
import logging
import sys
import time
from collections import defaultdict

from presidio_analyzer import predefined_recognizers as recognizers

logging.disable(logging.ERROR)

# Those of hoopx's entities that Presidio has patterns for.
NAMES = [
    "CreditCardRecognizer", "IbanRecognizer", "UsBankRecognizer", "AbaRoutingRecognizer", "CryptoRecognizer",
    "EmailRecognizer", "IpRecognizer", "UsSsnRecognizer", "UsItinRecognizer", "UsPassportRecognizer",
    "UsLicenseRecognizer", "NhsRecognizer", "EsNifRecognizer", "EsNieRecognizer", "ItFiscalCodeRecognizer",
    "InAadhaarRecognizer", "AuTfnRecognizer", "DateRecognizer",
]
# Presidio's default is to report everything. Without a language model, context words raise no score, so that this leaves
# out what has neither a strong shape nor a check digit.
THRESHOLD = 0.4
PIECE = 16_384


def made():
    return [getattr(recognizers, name)() for name in NAMES if hasattr(recognizers, name)]


def findings(all_recognizers, text):
    for recognizer in all_recognizers:
        for result in recognizer.analyze(text, recognizer.supported_entities, None):
            if result.score >= THRESHOLD:
                yield result


def speed(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read(1_000_000)
    everything = made()
    list(findings(everything, text[:PIECE]))
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for offset in range(0, len(text), PIECE):
            list(findings(everything, text[offset : offset + PIECE]))
        best = max(best, len(text.encode()) / 1e6 / (time.process_time() - start))
    print(f"{best:.3f}")


def corpus(path):
    everything = made()
    scores = defaultdict(lambda: [0, 0, 0, 0, 0])
    with open(path, encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            text = document["text"]
            offsets = [0]
            for character in text:
                offsets.append(offsets[-1] + len(character.encode()))
            found = [(offsets[r.start], offsets[r.end], r.entity_type) for r in findings(everything, text)]
            for start, end, entity, is_plain, is_value in document["labels"]:
                score = scores[entity]
                hit = any(s <= start and end <= e and name == entity for s, e, name in found)
                touched = any(s < end and start < e and name == entity for s, e, name in found)
                if is_value and is_plain:
                    score[0] += 1
                    score[1] += hit
                elif not is_value:
                    score[2] += 1
                    score[3] += touched
            for start, end, name in found:
                if not any(v and n == name and s < end and start < e for s, e, n, _, v in document["labels"]):
                    scores[name][4] += 1
    print("| entity | values | recall, unspaced | near misses | left alone | precision |")
    print("|---|---:|---:|---:|---:|---:|")
    known = {entity for recognizer in everything for entity in recognizer.supported_entities}
    for entity, (values, hits, misses, touched, false) in sorted(scores.items()):
        if entity in known and values:
            precision = hits / (hits + false) if hits + false else 1
            print(f"| {entity} | {values} | {hits / values:.3f} | {misses} | {1 - touched / max(misses, 1):.3f} | {precision:.3f} |")


if sys.argv[1] == "--corpus":
    corpus(sys.argv[2])
else:
    speed(sys.argv[1])
