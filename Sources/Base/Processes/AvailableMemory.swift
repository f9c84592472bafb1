import Diagnostics
import SystemPackage

/// How much memory this process can still have without anything being killed or swapped for it.
package enum AvailableMemory {
    /// In bytes, at this moment; nil when the system does not say it.
    package static var bytes: Int? {
        bytes(
            meminfo: AvailableCores.text("/proc/meminfo"),
            groups: AvailableCores.text("/proc/self/cgroup"),
            read: AvailableCores.text
        )
    }

    /// - Parameters:
    ///   - meminfo: what /proc/meminfo holds; nil when it cannot be read.
    ///   - groups: what /proc/self/cgroup holds; nil when it cannot be read.
    ///   - read: the text of a file; nil when it cannot be read.
    /// - Returns: the smallest of what the machine has left and what control groups leave, in bytes;
    ///   nil when none of them is known.
    package static func bytes(
        meminfo: String?,
        groups: String?,
        read: (FilePath) -> String?
    ) -> Int? {
        // "MemAvailable:   22763000 kB" (proc(5)).
        let machine = value(of: "MemAvailable:", in: meminfo).map { $0 * 1024 }
        let limits = ControlGroups(groups).groups(of: "memory").compactMap { left(in: $0, read) }
        return ([machine].compactMap(\.self) + limits).min()
    }

    /// What a group may still have. Pages of files that are in memory count as used, but are the
    /// first to make way; nil where there is no limit.
    private static func left(
        in group: ControlGroups.Group,
        _ read: (FilePath) -> String?
    ) -> Int? {
        let names =
            group.isUnified
            ? ("memory.max", "memory.current", "inactive_file ")
            : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ")
        func number(_ name: String) -> Int? {
            read(group.folder.appending(name)).flatMap { Int(String($0.trimmed)) }
        }
        // "max", and in version 1 a number beyond any machine, where there is no limit.
        guard let limit = number(names.0), let used = number(names.1), limit < 1 << 60 else {
            return nil
        }
        let files = value(of: names.2, in: read(group.folder.appending("memory.stat"))) ?? 0
        return max(0, limit - max(0, used - files))
    }

    /// The number after a label at the start of a line.
    private static func value(of label: String, in text: String?) -> Int? {
        for line in (text ?? "").split(exactly: "\n") {
            guard let rest = line.removing(prefix: label) else { continue }
            let digits = rest.trimmed.unicodeScalars.prefix(while: \.isDigit)
            return Int(String(digits)).flatMap { $0 < 1 << 50 ? $0 : nil }
        }
        return nil
    }
}
