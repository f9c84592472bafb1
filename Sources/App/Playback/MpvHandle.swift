import CMpv
import Synchronization

/// A handle of libmpv, whose functions may be called on any thread.
final class MpvHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    private let isOver = Mutex(false)

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Gives a command, and does not wait for it.
    func command(_ words: [String]) {
        isOver.withLock { isOver in
            guard !isOver else { return }
            withWords(words) { mpv_command_async(pointer, 0, $0) }
        }
    }

    /// Destroys the player; commands that come later do nothing.
    func end() {
        isOver.withLock { isOver in
            isOver = true
            mpv_terminate_destroy(pointer)
        }
    }

    /// Sets a property, and does not wait for it. In the order of the commands.
    func set(_ property: String, _ value: String) {
        command(["set", property, value])
    }

    /// Sets an option of the files that are opened from now on.
    func setOption(_ name: String, _ value: String) {
        set("options/" + name, value)
    }

    private func withWords(
        _ words: [String],
        _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32
    ) {
        // Words are few and short; the copies end with the call.
        var copies = words.map { word in
            let bytes = Array(word.utf8CString)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            copy.initialize(from: bytes, count: bytes.count)
            return UnsafePointer(copy) as UnsafePointer<CChar>?
        }
        copies.append(nil)
        defer { for copy in copies { copy?.deallocate() } }
        _ = copies.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map(body)
        }
    }
}
