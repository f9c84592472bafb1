import Diagnostics
import Synchronization

/// What FFmpeg's versions have different names for. Everything else here uses those of 5.1 and newer.
package enum FFmpegDialect {
    /// Whether the programs are older than 5.1. Every work on a video begins with ffprobe, which reports
    /// its version along with the streams.
    private static let isOld = Atomic(false)

    /// Remembers a version, such as "4.4.2-0ubuntu0.22.04.1", "n8.0" or "N-121257-g1a2b3c".
    ///
    /// What has no number is a build from the sources, and new.
    package static func note(version: String) {
        isOld.store(isOlder(version), ordering: .relaxed)
    }

    /// Whether a version is older than 5.1.
    package static func isOlder(_ version: String) -> Bool {
        let name = version.removing(prefix: "n").map(String.init) ?? version
        let numbers = name.split(exactly: ".").prefix(2)
            .compactMap { Int(String($0.unicodeScalars.prefix(while: \.isDigit))) }
        guard numbers.count == 2 else { return false }
        return (numbers[0], numbers[1]) < (5, 1)
    }

    /// Arguments as the programs that are here take them: before 5.1 `-fps_mode` was `-vsync`.
    package static func adapted(_ arguments: [String]) -> [String] {
        guard isOld.load(ordering: .relaxed) else { return arguments }
        return arguments.map { $0.isExactly("-fps_mode") ? "-vsync" : $0 }
    }
}
