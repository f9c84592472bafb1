import Diagnostics
import SystemPackage

/// What a file is that ffmpeg has found to be of a kind that is not read, in words.
struct RefusedContent: Sendable, Equatable {
    let why: String
    let remedy: String

    private init(_ why: String, _ remedy: String) {
        self.why = why
        self.remedy = remedy
    }

    /// Looks at the beginning of a file.
    init(of path: FilePath) {
        if let header = try? ImageHeader(of: path) {
            self = Self.image(header, path)
        } else {
            let head = (try? FileDescriptor.open(path, .readOnly, options: .nonBlocking))
                .flatMap { file in
                    defer { try? file.close() }
                    var bytes = [UInt8](repeating: 0, count: 512)
                    let count = bytes.withUnsafeMutableBytes {
                        try? file.read(fromAbsoluteOffset: 0, into: $0)
                    }
                    return bytes.prefix(count ?? 0)
                }
            self = Self.other(head ?? [])
        }
    }

    private static func image(_ header: ImageHeader, _ path: FilePath) -> RefusedContent {
        guard header.isAnimated else { return stillImage("a \(header.kind.rawValue) image") }
        return RefusedContent(
            "it is an animated \(header.kind.rawValue) image, which FFmpeg cannot decode",
            "Convert it to a video or to a folder of images first, for example with ImageMagick: "
                + "magick IN.webp -coalesce FOLDER/%05d.png"
        )
    }

    private static func stillImage(_ name: String) -> RefusedContent {
        RefusedContent(
            "it is \(name), not a video",
            "Give a video, or a folder with an image for each frame."
        )
    }

    private static func other(_ head: ArraySlice<UInt8>) -> RefusedContent {
        let begins = { (text: String) in head.starts(with: text.utf8) }
        let text = String(decoding: head, as: UTF8.self)
        if let name = stillImages.first(where: { begins($0.key) })?.value {
            return stillImage(name)
        }
        if audio.contains(where: begins) || head.starts(with: [0xff, 0xfb])
            || begins("RIFF") && head.dropFirst(8).starts(with: "WAVE".utf8)
        {
            return RefusedContent("it is an audio file", "Give a video file.")
        }
        if lists.contains(where: { text.contains(exactly: $0) }) {
            return RefusedContent(
                "it is a playlist or a script: what leads to other files is not read, for safety",
                "Give the video that it leads to."
            )
        }
        return RefusedContent(
            "its content is of a kind that is not read, for safety",
            "Convert it first, for example with ffmpeg -i IN -c copy OUT.mkv."
        )
    }

    /// How files of other kinds begin.
    private static let stillImages = [
        "BM": "a BMP image", "8BPS": "a Photoshop image", "v/1\u{1}": "an OpenEXR image",
        "P1": "a PNM image", "P2": "a PNM image", "P3": "a PNM image", "P4": "a PNM image",
        "P5": "a PNM image", "P6": "a PNM image", "SDPX": "a DPX image", "XPDS": "a DPX image",
        "DDS ": "a DDS image", "qoif": "a QOI image", "#?RADIANCE": "an HDR image",
    ]
    private static let audio = ["ID3", "fLaC", "FORM", "caff", "MThd", "wvpk", ".snd", "#!AMR"]
    private static let lists = [
        "#EXTM3U", "ffconcat", "<MPD", "<smil", "<ASX", "[playlist]", "v=0", "file '",
    ]
}
