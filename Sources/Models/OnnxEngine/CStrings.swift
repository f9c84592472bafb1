import Glibc

/// Lends C strings for as long as `body` runs.
func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result
) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { buffer in
        // An empty array has no address, and the library does not look at it then.
        guard let start = buffer.baseAddress else {
            return try withUnsafePointer(to: nil) { try body($0) }
        }
        return try body(start)
    }
}
