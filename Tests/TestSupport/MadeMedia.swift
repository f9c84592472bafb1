import SystemPackage

/// Makes files with ffmpeg, once each: drawing them takes longer than most of what is tested with
/// them, and many tests need the same.
package actor MadeMedia {
    private static let shared = MadeMedia()

    private var contents: [[String]: Task<[UInt8], any Error>] = [:]

    /// Writes what ffmpeg makes of the arguments, which must be the same each time.
    ///
    /// - Parameters:
    ///   - path: the file; its extension decides the container.
    ///   - arguments: what comes before the file's name.
    /// - Throws: `ProgramFailure` when ffmpeg fails.
    package static func write(_ path: FilePath, _ arguments: [String]) async throws {
        let content = try await shared.content(arguments, extension: path.extension ?? "")
        try content.withUnsafeBytes { bytes in
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try file.closeAfter { _ = try file.writeAll(bytes) }
        }
    }

    private func content(_ arguments: [String], extension name: String) async throws -> [UInt8] {
        let key = arguments + [name]
        if let made = contents[key] { return try await made.value }
        let task = Task {
            let folder = try TemporaryFolder()
            let file = folder["made." + name]
            try await Program.ffmpeg(arguments + ["file:" + file.string])
            return try MaskSet.bytes(of: file)
        }
        contents[key] = task
        return try await task.value
    }
}
