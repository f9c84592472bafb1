import SystemPackage

/// Reads files that are short when all is well.
package enum SmallFile {
    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the most bytes that it may have.
    /// - Returns: all of them.
    /// - Throws: `Errno`, `fileTooLarge` when there are more bytes.
    package static func read(_ path: FilePath, limit: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                let count = try file.read(into: buffer)
                if count == 0 { return bytes }
                bytes.append(contentsOf: buffer[..<count])
                if bytes.count > limit { throw Errno.fileTooLarge }
            }
        }
    }
}
