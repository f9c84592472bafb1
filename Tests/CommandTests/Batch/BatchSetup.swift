import Files
import FoundationEssentials
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// A list of rows with their clips, in a folder of its own.
struct BatchSetup: Sendable {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    subscript(_ name: String) -> FilePath { folder[name] }

    /// A short clip in which a disc moves.
    @discardableResult
    func clip(_ name: String, seconds: Double = 0.5, size: (Int, Int) = (160, 90)) async throws
        -> FilePath
    {
        try await Clip.make(self[name + ".mp4"], size: size, seconds: seconds)
    }

    /// A row for the built-in method on a clip of `clip`.
    static func row(_ name: String, _ more: String = "") -> String {
        row(name, method: "saliency", more)
    }

    static func row(_ name: String, method: String, _ more: String = "") -> String {
        #"{"id": "\#(name)", "input": "\#(name).mp4", "output": "\#(name)_masks", "#
            + #""method": "\#(method)"\#(more.isEmpty ? "" : ", " + more)}"#
    }

    /// Writes the list.
    func write(_ rows: [String]) throws {
        try AtomicFile.write(rows.map { $0 + "\n" }.joined(), to: self["list.jsonl"])
    }

    /// Runs `8cut batch run` on the list.
    func run(
        _ options: [String] = [],
        environment: [String: String] = [:],
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        try await Program.run8cut(
            ["batch", "run", "--list", self["list.jsonl"].string] + options,
            environment: TestTools.environment.merging(environment) { $1 },
            in: folder.path,
            whileRunning: whileRunning
        )
    }

    /// The result file of a row.
    func result(_ id: String) throws -> RowResult {
        let bytes = try MaskSet.bytes(of: self["results"].appending(id + ".json"))
        return try JSONDecoder().decode(RowResult.self, from: Data(bytes))
    }

    /// The masks of a row.
    func masks(_ id: String) throws -> MaskSet { try MaskSet(self[id + "_masks"]) }
}

/// What readers of results rely on.
struct RowResult: Decodable, Equatable {
    struct Failure: Decodable, Equatable {
        let code: String
        let why: String
    }

    let id: String
    let status: String
    let error: Failure?
    let seconds: Double
    let attempt: Int
    let frames: Int?
    let score: Double?

    /// The results that a run has printed, by their ids.
    static func printed(_ result: ProgramResult) throws -> [String: RowResult] {
        let rows = try result.lines.map {
            try JSONDecoder().decode(RowResult.self, from: Data($0.utf8))
        }
        #expect(Set(rows.map(\.id)).count == rows.count, "a row is printed twice")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }
}
