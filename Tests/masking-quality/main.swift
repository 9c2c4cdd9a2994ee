import MaskingCorpus

// Prints how well the standard detectors do, as a page of Markdown: `make quality` keeps it in the repository. With
// --mistakes, each value that they get wrong instead; with --export, the documents, for other programs to be measured.
let documents = (0..<MaskingCorpus.fullSize).lazy.map(MaskingCorpus.document)
let sentences = (0..<(MaskingCorpus.sentenceCount * 40)).lazy.map(MaskingCorpus.sentence)
if CommandLine.arguments.contains("--export") {
    for document in documents { print(document.exported) }
    for document in sentences { print(document.exported) }
} else {
    let quality = try DetectionQuality.measure(documents)
    let sentenceQuality = try DetectionQuality.measure(sentences)
    if CommandLine.arguments.contains("--mistakes") {
        for mistake in quality.mistakes + sentenceQuality.mistakes { print(mistake) }
    } else {
        print(
            """
            # What the standard detectors find

            `make quality` writes this page. The corpus is made anew each time (Tests/MaskingCorpus, seed \(MaskingCorpus.seed)):
            \(MaskingCorpus.fullSize) documents of the kinds that agents send, with valid values, near misses (a wrong check
            digit, a wrong length, a longer word, a placeholder) and what else stands in such documents.

            A value is found where a finding of its entity covers it. A near miss is left alone where nothing touches it.
            Precision counts every finding that is no value of its entity, of near misses and of all the rest.

            \(quality.table)

            ## Presidio's sentences

            The \(MaskingCorpus.sentenceCount) sentences of Presidio's evaluation templates that have values of patterns, 40 times
            each with other values. A date that nothing says to be one of birth, and a number of ten digits that nothing says
            to be a telephone's, are not looked for.

            \(sentenceQuality.table)
            """)
    }
}
