import Diagnostics
import SystemPackage

/// The control groups of a process, in which container engines and schedulers set limits.
struct ControlGroups {
    /// A group whose files may hold a limit.
    struct Group {
        let folder: FilePath
        /// Of version 2 (Linux, Documentation/admin-guide/cgroup-v2.rst), which calls its files
        /// otherwise than version 1.
        let isUnified: Bool
    }

    private let lines: [(controllers: String, path: FilePath)]

    /// - Parameter text: what /proc/self/cgroup holds; nil when it cannot be read.
    init(_ text: String?) {
        lines = (text ?? "").split(exactly: "\n").compactMap { line in
            // hierarchy:controllers:path (cgroups(7)).
            guard let (_, rest) = line.divided(atFirst: ":"),
                let (controllers, path) = rest.divided(atFirst: ":")
            else { return nil }
            return (String(controllers), FilePath(String(path)))
        }
    }

    /// The groups in which a controller may limit the process: its own, and those above it, whose
    /// limits hold for all below.
    func groups(of controller: String) -> [Group] {
        lines.flatMap { line -> [Group] in
            let names = line.path.components.map(\.self)
            func groups(in root: FilePath, isUnified: Bool) -> [Group] {
                (0...names.count).map {
                    Group(folder: root.appending(names.prefix($0)), isUnified: isUnified)
                }
            }
            if line.controllers.isEmpty { return groups(in: "/sys/fs/cgroup", isUnified: true) }
            let controllers = line.controllers.split(exactly: ",").map(String.init)
            guard controllers.contains(where: { $0.isExactly(controller) }) else { return [] }
            // A mount of several controllers has a link for each; not every system makes it.
            let mounts = Set([controller, line.controllers]).sorted()
            return mounts.flatMap {
                groups(in: FilePath("/sys/fs/cgroup").appending($0), isUnified: false)
            }
        }
    }
}
