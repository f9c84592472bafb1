import ArgumentParser
import Diagnostics
import MLTools

/// `8cut tools status`.
struct ToolsStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Report whether the tools are installed and work.",
        discussion: """
            The state is absent, incomplete, broken or installed; the exit status is 0.

            Examples:
              8cut tools status
              8cut tools status --json
            """
    )

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        let status = try await ToolsStatus.read()
        if json {
            try Listing.write(JSONText.line(status))
        } else {
            try Listing.write(Self.lines(status).joined(separator: "\n"))
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
        if let library = status.library {
            lines.append("library:   \(visible(library.path)) (\(library.source.words))")
        }
        if let runtime = status.runtime {
            let variant = status.marker?.variant ?? status.library?.variant
            lines.append(
                "runtime:   ONNX Runtime \(runtime)" + (variant.map { " (\($0.rawValue))" } ?? "")
            )
        }
        if let marker = status.marker {
            let packages = marker.packages.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
            lines.append("packages:  " + packages.joined(separator: ", "))
            if marker.reference {
                lines.append("reference: the reference implementation is installed")
            }
        }
        let devices = status.devices.map { device in
            device.gpu.map { "\(device.name) (\($0), driver \(device.driver ?? "?"))" }
                ?? device.name
        }
        lines.append("devices:   " + visible(devices.joined(separator: ", ")))
        lines.append("cpu:       " + visible(cpu(status.cpu)))
        if let remedy = status.remedy { lines.append(remedy) }
        return lines
    }

    private static func cpu(_ cpu: ToolCPU) -> String {
        let threads = cpu.threads > cpu.cores ? " with \(cpu.threads) threads" : ""
        let cores = "\(cpu.cores) \(cpu.cores == 1 ? "core" : "cores")\(threads)"
        let fast = cpu.hasExactByteProducts ? [] : ["int8 without VNNI"]
        return ([cpu.model, cores].compactMap(\.self) + cpu.features + fast)
            .joined(separator: ", ")
    }
}

extension ToolLibrary.Source {
    /// As lists say it.
    fileprivate var words: String {
        switch self {
        case .variable: RuntimeLocation.variable
        case .environment: "8cut tools install"
        case .pip: "pip, beside 8cut"
        }
    }
}
