/// A text that goes on from event to event, and the events that bring it.
final class EventChannel {
    private(set) var field: Int
    private(set) var key: [UInt8]
    private var editor: TextEditor
    /// Whether a piece came since it was emitted as a whole.
    var isActive = false

    /// What brings a piece.
    var shape = EventShape()

    init(_ field: Int, _ key: [UInt8], editor: TextEditor) {
        self.field = field
        self.key = key
        self.editor = editor
    }

    /// Becomes another channel of the same field.
    func reuse(for key: [UInt8]) {
        self.key = key
        editor.beginDocument()
    }

    func append(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        isActive = true
        editor.append(piece, into: &output)
    }

    /// Emits what is held back.
    func finish(into output: inout [UInt8]) {
        isActive = false
        editor.finish(into: &output)
    }

    /// Emits what is held back in an event of its own.
    func finishInEvent(into output: inout [UInt8]) {
        let start = output.count
        output += shape.prefix
        let content = output.count
        finish(into: &output)
        guard output.count > content else {
            output.removeLast(output.count - start)
            return
        }
        output += shape.suffix
    }
}
