import Files
import Glibc
import SystemPackage

/// The processes of a session that we have started.
enum ProcessGroup {
    /// Kills all of them, and waits a little until none can write any more.
    ///
    /// - Parameter leader: the process ID of the one that leads the session.
    static func end(_ leader: pid_t) {
        for _ in 0..<60 {
            guard kill(-leader, SIGKILL) == 0, isAlive(leader) else { return }
            // Not Task.sleep: the task may be cancelled, and that would return at once.
            usleep(5000)
        }
    }

    /// Whether one of a group still runs. Those that have ended stay listed until somebody
    /// collects them, which not every container does.
    private static func isAlive(_ group: pid_t) -> Bool {
        let names = (try? Folder.names(in: "/proc")) ?? []
        return names.contains { name in
            guard name.first?.isNumber == true, let text = stat(of: name),
                let end = text.lastIndex(of: ")")
            else { return false }
            // After the name, which may hold anything: state, parent, group.
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 2, pid_t(fields[2]) == group else { return false }
            return fields[0] != "Z" && fields[0] != "X"
        }
    }

    private static func stat(of process: String) -> String? {
        let path = FilePath("/proc").appending(process).appending("stat")
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        return try? String(unsafeUninitializedCapacity: 512) { buffer in
            try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
