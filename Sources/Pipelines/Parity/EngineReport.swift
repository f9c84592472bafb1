import Diagnostics
import Files
import SystemPackage

/// How the native engine compares with the reference implementation: a report that can be written
/// to a file.
package protocol EngineReport: Encodable, Sendable {
    /// Whether the engines agree in every frame.
    var agrees: Bool { get }
    /// The result in one line.
    var summary: String { get }
}

extension EngineReport {
    /// Writes the report as JSON.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package func write(to path: FilePath) throws {
        try AtomicFile.write(JSONText.pretty(ReportFile(report: self)) + "\n", to: path)
    }
}

/// A report with its result.
private struct ReportFile<Report: EngineReport>: Encodable {
    let report: Report

    private enum Keys: CodingKey { case agrees }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(report.agrees, forKey: .agrees)
    }
}

/// The file that a report is written to.
package enum ReportPath {
    /// Makes sure, before any work is done, that a file may become a report: it is missing, or a
    /// report already.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - input: the video that is compared, which never becomes a report by whatever name.
    /// - Throws: `EightCutError` (`outputUnusable`).
    package static func check(_ path: FilePath, input: FilePath) throws {
        guard let name = path.lastComponent, name.kind == .regular else {
            throw fileError("cannot write", path, .isDirectory)
        }
        let refuse = { (why: String) in
            EightCutError(.outputUnusable, "cannot write the report", on: path.string, because: why)
        }
        if FileStatus.isSame(path, input) { throw refuse("it is the video itself") }
        let folder = try OpenFolder.ifPresent(path.removingLastComponent())
        // Reports of ten thousand frames have a few MB.
        guard let bytes = try? folder?.read(name, limit: 64 << 20) else {
            guard try folder?.status(of: name) == nil else {
                throw refuse("there is something that is not a report of 8cut")
            }
            return
        }
        let members = try? LocatedJSON(parsing: bytes)
        guard members?["agrees"]?.bool != nil, members?["frames"]?.items != nil else {
            throw refuse("there is a file that is not a report of 8cut")
        }
    }
}
