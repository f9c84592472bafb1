import ArgumentParser
import Diagnostics
import FoundationEssentials
import Glibc
import MLTools

/// `8cut tools status`.
struct ToolsStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether the tools are installed and work.",
        discussion: """
            The state is absent, incomplete, broken or installed; the exit status is 0 for each.

            Examples:
              8cut tools status --json
            """
    )

    @Flag(help: "Write one JSON object.")
    var json = false

    func run() async throws {
        let status = try await ToolsStatus.read()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let text = String(decoding: try encoder.encode(status), as: UTF8.self)
            writeLine(text, to: STDOUT_FILENO)
        } else {
            for line in Self.lines(status) { writeLine(line, to: STDOUT_FILENO) }
        }
    }

    private static func lines(_ status: ToolsStatus) -> [String] {
        var lines = ["state:     \(status.state.rawValue)"]
        if let reason = status.reason { lines.append("reason:    \(visible(reason))") }
        if status.isBusy { lines.append("busy:      another run is working on it") }
        lines.append("path:      \(visible(status.path))")
        if status.sizeOnDisk > 0 {
            lines.append("size:      \(ByteCount.approximate(status.sizeOnDisk))")
        }
        if let runtime = status.runtime, let marker = status.marker {
            lines.append("runtime:   ONNX Runtime \(runtime) (\(marker.variant.rawValue))")
        }
        if let marker = status.marker {
            let packages = marker.packages.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
            lines.append("packages:  " + packages.joined(separator: ", "))
            if marker.reference { lines.append("reference: the original packages are there") }
        }
        let devices = status.devices.map { device in
            device.gpu.map { "\(device.name) (\($0), driver \(device.driver ?? "?"))" }
                ?? device.name
        }
        lines.append("devices:   " + visible(devices.joined(separator: ", ")))
        if let remedy = status.remedy { lines.append(remedy) }
        return lines
    }
}
