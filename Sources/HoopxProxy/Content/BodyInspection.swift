import HoopxMasking

/// One body on its way: its content encodings undone, what must not be recorded masked, and what goes on made of it.
///
/// Where the record and whoever gets the body see the same, it is one pass.
final class BodyInspection {
    /// How the record is made of the bytes, and what goes on.
    private struct Maskers {
        let record: BodyMasker
        /// Where what goes on is masked by a plan of its own.
        let forward: BodyMasker?
        let restorer: PseudonymRestorer?
    }

    private var kind: ContentKind
    private let handling: ContentHandling
    private let plan: MaskingPlan?
    private let restoresPseudonyms: Bool
    private let decoder: ContentDecoder?
    private var maskers: Maskers?

    /// For the record: what has been masked since it was taken the last time.
    private var masked: [UInt8] = []
    private var forwarded: [UInt8] = []
    private var restored: [UInt8] = []

    /// A compressed body is taken in slices, so that the memory for what becomes of it has a bound.
    private static let sliceSize = 4 << 10

    /// What an encoded body may grow to, in bytes.
    private static let largestDecoded = 256 << 20

    /// - Parameters:
    ///   - plan: what goes on; nil where the bytes go on unmasked.
    ///   - restoringPseudonyms: whether what goes on gets back what pseudonyms stand for.
    init(
        _ kind: ContentKind, handling: ContentHandling, forwarding plan: MaskingPlan?, restoringPseudonyms: Bool = false
    ) throws(UnreadableContent) {
        guard kind.format != nil else { throw .binaryFrames }
        do throws(ContentDecoder.Failure) {
            decoder =
                kind.codings.isEmpty
                ? nil : try ContentDecoder(codings: kind.codings, limit: Self.largestDecoded)
        } catch {
            throw .encoding(error)
        }
        self.kind = kind
        self.handling = handling
        self.plan = plan
        restoresPseudonyms = restoringPseudonyms
    }

    /// Whether other bytes go on than those that came.
    var isInline: Bool { plan != nil || restoresPseudonyms }

    /// How often each entity was found so far.
    var findings: [EntityType: Int] { maskers?.record.findings ?? [:] }

    /// Whether something was found in what goes on.
    var changesContent: Bool {
        guard plan != nil, let maskers else { return false }
        return !(maskers.forward ?? maskers.record).findings.isEmpty
    }

    /// - Parameter forward: gets what goes on in the place of the bytes, where it is inline; not always at once, since the
    ///   end of one piece and the beginning of the next may be one finding.
    func append(
        _ bytes: UnsafeRawBufferPointer, forward: (UnsafeRawBufferPointer) -> Void
    ) throws(UnreadableContent) {
        guard let decoder else {
            inspect(bytes, forward)
            return
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(ContentDecoder.Failure) {
                try decoder.append(UnsafeRawBufferPointer(rebasing: rest.prefix(Self.sliceSize))) {
                    inspect($0, forward)
                }
            } catch {
                throw .encoding(error)
            }
            rest = rest.dropFirst(Self.sliceSize)
        }
    }

    /// The body has ended: the rest goes on.
    func finish(forward: (UnsafeRawBufferPointer) -> Void) throws(UnreadableContent) {
        if let decoder {
            do throws(ContentDecoder.Failure) { try decoder.finish() } catch { throw .encoding(error) }
        }
        end(forward)
    }

    /// The body broke off: what is held back of it goes to the record alone.
    func breakOff() { end { _ in } }

    /// What the record gets.
    func takeMasked() -> [UInt8] {
        defer { masked = [] }
        return masked
    }

    private func makeMaskers(lookingAt first: UInt8?) -> Maskers {
        kind.look(at: first)
        let format = kind.format ?? .text
        return Maskers(
            record: BodyMasker(handling.session, plan: handling.record, format: format),
            forward: plan.flatMap { plan in
                plan == handling.record ? nil : BodyMasker(handling.session, plan: plan, format: format)
            },
            restorer: restoresPseudonyms ? PseudonymRestorer(handling.session, format: format) : nil)
    }

    private func inspect(_ bytes: UnsafeRawBufferPointer, _ forward: (UnsafeRawBufferPointer) -> Void) {
        guard !bytes.isEmpty else { return }
        let maskers = maskers ?? makeMaskers(lookingAt: bytes.first)
        self.maskers = maskers
        let mark = masked.count
        maskers.record.append(bytes, into: &masked)
        guard plan != nil else {
            if maskers.restorer != nil { pass(bytes, maskers, forward) }
            return
        }
        if let masker = maskers.forward {
            forwarded.removeAll(keepingCapacity: true)
            masker.append(bytes, into: &forwarded)
            forwarded.withUnsafeBytes { pass($0, maskers, forward) }
        } else {
            passMasked(since: mark, maskers, forward)
        }
    }

    private func end(_ forward: (UnsafeRawBufferPointer) -> Void) {
        guard let maskers else { return }
        let mark = masked.count
        maskers.record.finish(into: &masked)
        if let masker = maskers.forward {
            forwarded.removeAll(keepingCapacity: true)
            masker.finish(into: &forwarded)
            forwarded.withUnsafeBytes { pass($0, maskers, forward) }
        } else if plan != nil {
            passMasked(since: mark, maskers, forward)
        }
        guard let restorer = maskers.restorer else { return }
        restored.removeAll(keepingCapacity: true)
        restorer.finish(into: &restored)
        if !restored.isEmpty { restored.withUnsafeBytes(forward) }
    }

    private func passMasked(since mark: Int, _ maskers: Maskers, _ forward: (UnsafeRawBufferPointer) -> Void) {
        masked.withUnsafeBytes { pass(UnsafeRawBufferPointer(rebasing: $0[mark...]), maskers, forward) }
    }

    private func pass(
        _ bytes: UnsafeRawBufferPointer, _ maskers: Maskers, _ forward: (UnsafeRawBufferPointer) -> Void
    ) {
        guard !bytes.isEmpty else { return }
        guard let restorer = maskers.restorer else {
            forward(bytes)
            return
        }
        restored.removeAll(keepingCapacity: true)
        restorer.append(bytes, into: &restored)
        if !restored.isEmpty { restored.withUnsafeBytes(forward) }
    }
}
