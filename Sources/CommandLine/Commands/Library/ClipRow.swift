import ClipExport
import ClipLibrary
import Diagnostics
import Files

/// A clip in a list.
struct ClipRow: Encodable {
    let id: Int64
    let path: String
    let label: String?
    let category: String?
    let source: String
    /// In seconds.
    let start: Double
    /// In seconds.
    let duration: Double
    let frames: Int
    let frameRate: String
    let width: Int
    let height: Int
    let sampleRate: Int?
    let samples: Int?
    /// In seconds since 1970.
    let cutAt: Double

    static let heading = ["ID", "LABEL", "CATEGORY", "START", "SECONDS", "CLIP"]
    static let csvHeading = [
        "id", "path", "label", "category", "source", "start", "duration", "frames", "frameRate",
        "width", "height", "sampleRate", "samples",
    ]

    init(_ clip: LibraryClip) {
        id = clip.id
        path = clip.path
        label = clip.label
        category = clip.category
        source = clip.source
        start = Double(clip.start) / 1e9
        duration = (clip.duration * 1e6).rounded() / 1e6
        frames = clip.frameCount
        frameRate = clip.frameRate
        width = clip.width
        height = clip.height
        sampleRate = clip.sampleRate
        samples = clip.sampleCount
        cutAt = clip.cutAt
    }

    /// The row of the table.
    var cells: [String] {
        [
            "\(id)", visible(label ?? ""), visible(category ?? ""),
            ClipStart.clock(nanoseconds: Int(start * 1000) * 1_000_000),
            "\((duration * 1000).rounded() / 1000)", visible(path),
        ]
    }

    /// The row of the CSV.
    var csvCells: [String] {
        [
            "\(id)", path, label ?? "", category ?? "", source, "\(start)", "\(duration)",
            "\(frames)", frameRate, "\(width)", "\(height)", sampleRate.map(String.init) ?? "",
            samples.map(String.init) ?? "",
        ]
    }
}
