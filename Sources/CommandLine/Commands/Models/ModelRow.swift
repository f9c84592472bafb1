import Checkpoints
import Diagnostics

/// A checkpoint in the list.
struct ModelRow: Encodable {
    let name: String
    let repository: String
    /// In millions.
    let parameters: Double
    let bytes: Int
    let licence: String
    /// "missing", "incomplete" or "complete".
    let state: String
    /// Bytes that are there of all, where that is a part.
    let bytesDone: Int?
    let folder: String?

    static let heading = ["NAME", "REPOSITORY", "PARAMETERS", "SIZE", "LICENCE", "STATE"]

    init(_ installed: InstalledCheckpoint) {
        let checkpoint = installed.checkpoint
        name = checkpoint.name
        repository = checkpoint.repository
        parameters = checkpoint.parameters
        licence = checkpoint.licence.rawValue
        switch installed.state {
        case .missing:
            (state, bytesDone, folder) = ("missing", nil, nil)
            bytes = checkpoint.bytes
        case .incomplete(let done, let total):
            (state, bytesDone, folder) = ("incomplete", done, nil)
            bytes = total
        case .complete(let path):
            (state, bytesDone, folder) = ("complete", nil, path.string)
            bytes = checkpoint.bytes
        }
    }

    /// The row of the table.
    var cells: [String] {
        [
            name, repository, "\(parameters) M", ByteCount.text(bytes), licence,
            folder != nil
                ? "downloaded"
                : bytesDone.map {
                    "incomplete, \(ByteCount.text($0)) of \(ByteCount.text(bytes))"
                } ?? "not downloaded",
        ]
    }
}
