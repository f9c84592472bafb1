import Files
import Glibc
import SystemPackage

/// Looks for the child processes of a program.
package enum Child {
    /// Waits for a child of that name.
    ///
    /// - Returns: its process ID.
    /// - Throws: `NeverHappened` when there is none.
    package static func find(_ name: String, of parent: pid_t) async throws -> pid_t {
        var found: pid_t?
        try await eventually("a child \(name) of process \(parent)") {
            found = try current(name, of: parent)
            return found != nil
        }
        return found ?? 0
    }

    private static func current(_ name: String, of parent: pid_t) throws -> pid_t? {
        for entry in try Folder.names(in: "/proc") {
            guard let child = pid_t(entry),
                let text = stat(of: child),
                let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
                text[text.index(after: open)..<close] == name
            else { continue }
            let fields = text[close...].split(separator: " ")
            if fields.count > 2, pid_t(fields[2]) == parent { return child }
        }
        return nil
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
