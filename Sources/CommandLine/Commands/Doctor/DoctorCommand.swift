import ArgumentParser
import Diagnostics
import SystemCheck

/// `8cut doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what 8cut needs and can use, and what to do about the rest.",
        discussion: """
            Looks at programs, the GPU and its libraries, ONNX Runtime, checkpoints, disks, the \
            library and variables. It changes nothing. A line is ok, a note about something \
            optional, or missing; the exit status is 69 when anything is missing.

            Examples:
              8cut doctor
              8cut doctor --json
            """
    )

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        let report = try await SystemReport.read()
        if json {
            try Listing.write(JSONText.line(report))
        } else {
            try Listing.write(report.lines.joined(separator: "\n"))
        }
        if report.missingCount > 0 { throw ExitCode(ErrorCode.toolMissing.exitStatus) }
    }
}

extension SystemReport {
    /// Columns of a line, at most; a path is not broken.
    private static let width = 96

    /// A line for each finding, its remedy indented below it, and what it comes to.
    package var lines: [String] {
        let names = checks.map(\.name.count).max() ?? 0
        let statuses = checks.map(\.status.rawValue.count).max() ?? 0
        let indent = String(repeating: " ", count: statuses + 2)
        let found = checks.flatMap { check in
            let head =
                check.status.rawValue.padded(to: statuses + 2) + check.name.padded(to: names + 2)
            let start = String(repeating: " ", count: head.count)
            let values = check.value.wrapped(to: Self.width - head.count)
            let remedies = (check.remedy ?? "").split(exactly: "\n").flatMap {
                String($0).wrapped(to: Self.width - indent.count)
            }
            return zip([head] + values.dropFirst().map { _ in start }, values).map(+)
                + remedies.map { indent + $0 }
        }
        return found + ["", conclusion]
    }

    private var conclusion: String {
        switch missingCount {
        case 0: "Everything that is needed is there."
        case 1: "Something that is needed is missing."
        case let count: "\(count) things that are needed are missing."
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// Lines of whole words that are no longer than a width, unless a word is.
    fileprivate func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        for word in split(exactly: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
