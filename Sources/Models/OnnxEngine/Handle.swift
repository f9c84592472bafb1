import COnnxRuntime

/// Something that the library has made and that must be given back to it.
///
/// `@unchecked Sendable`: the library's objects may be used from any thread; whoever holds one
/// that may not be used by two at once says so.
final class Handle: @unchecked Sendable {
    /// The thing.
    let pointer: OpaquePointer
    private let library: RuntimeLibrary
    private let release: (OrtTable, OpaquePointer) -> Void
    private var isOurs = true

    /// Takes charge of it.
    init(
        _ pointer: OpaquePointer,
        library: RuntimeLibrary,
        release: @escaping (OrtTable, OpaquePointer) -> Void
    ) {
        self.pointer = pointer
        self.library = library
        self.release = release
    }

    deinit {
        if isOurs { release(library.api, pointer) }
    }

    /// Says that something else has taken charge of it.
    func giveAway() { isOurs = false }
}
