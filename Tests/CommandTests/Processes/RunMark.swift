import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A variable by which all processes are found that a command has started, and theirs.
struct RunMark: Sendable {
    private let value = "run-\(UInt64.random(in: .min ... .max))"

    /// To be set for the command.
    var environment: [String: String] { ["EIGHTCUT_TEST_RUN": value] }

    /// The processes that run, with their command lines. Those that have ended and were not reaped
    /// have no environment any more.
    var processes: [String] {
        let names = (try? Folder.names(in: "/proc")) ?? []
        return names.compactMap { name in
            guard pid_t(name) != nil else { return nil }
            let folder = FilePath("/proc").appending(name)
            guard let bytes = try? SmallFile.read(folder.appending("environ"), limit: 4 << 20),
                bytes.split(separator: 0).contains(Array("EIGHTCUT_TEST_RUN=\(value)".utf8)[...])
            else { return nil }
            let line = (try? SmallFile.read(folder.appending("cmdline"), limit: 4 << 20)) ?? []
            return name + " " + String(decoding: line.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
        }
    }

    /// Waits until none is left. A second is promised; the tests keep the machine busy.
    func expectNothingLeft(after what: String) async throws {
        let end = ContinuousClock.now + Program.stopLimit
        while !processes.isEmpty, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(processes.isEmpty, "left behind \(what): \(processes)")
    }
}
