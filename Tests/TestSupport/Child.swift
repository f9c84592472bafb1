import Files
import Glibc
import SystemPackage

/// Looks for the child processes of a program.
package enum Child {
    /// The child of that name, waiting for it.
    ///
    /// - Returns: its process ID; nil when there is none after ten seconds.
    package static func find(_ name: String, of parent: pid_t) async throws -> pid_t? {
        for _ in 0..<2000 {
            for entry in try Folder.names(in: "/proc") {
                guard let child = pid_t(entry),
                    let text = stat(of: child),
                    let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
                    text[text.index(after: open)..<close] == name
                else { continue }
                let fields = text[close...].split(separator: " ")
                if fields.count > 2, pid_t(fields[2]) == parent { return child }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }

    /// Waits until a file is there, for a minute at most.
    package static func wait(for path: FilePath) async throws {
        for _ in 0..<12_000 where access(path.string, F_OK) != 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func stat(of process: pid_t) -> String? {
        let path = FilePath("/proc/\(process)/stat")
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        return try? String(unsafeUninitializedCapacity: 1024) { buffer in
            try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
