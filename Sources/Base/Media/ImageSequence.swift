import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// A video as a folder of images, whose numbers are in their names, with its audio beside it.
package struct ImageSequence: Sendable, Equatable {
    /// The hidden file in the folder that has the frame rate.
    package static let noteName = ".8cut-frames.json"

    /// The frame rate of images of which nothing is known.
    private static let usualRate = Rational(25)

    private struct Note: Codable {
        let frameRate: Rational
        let frameCount: Int
    }

    package let path: FilePath
    /// Frames per second.
    package let frameRate: Rational
    /// Whether neither the user nor the folder says the rate.
    private let rateIsAssumed: Bool
    private let series: ImageSeries
    /// The format that the first image has, whatever its name says.
    private let kind: ImageKind

    /// How many images there are.
    package var count: Int { series.names.count }

    /// Looks at a folder; nil when it is no folder that can be read, or has no images that are one
    /// video.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - rate: frames per second; nil for those that the folder says, else 25.
    package init?(_ path: FilePath, rate: Rational? = nil) {
        guard let found = try? Self.find(path, rate: rate) else { return nil }
        self = found
    }

    /// Looks at a folder.
    ///
    /// - Returns: nil when there are no images in it.
    /// - Throws: `EightCutError` when it is no folder that can be read, or the images are not the
    ///   frames of one video.
    static func find(_ path: FilePath, rate: Rational? = nil) throws -> ImageSequence? {
        let names = try OpenFolder(path).names()
        guard !names.contains("masks.json") || !names.contains("frame_0000.png") else {
            throw Self.error(
                path,
                "it is a folder of masks, which 8cut has made",
                "Give the video that the masks are of, or the folder of its frames."
            )
        }
        do {
            guard let series = try ImageSeries(names) else { return nil }
            return ImageSequence(path.absolute, series, rate: rate)
        } catch {
            throw Self.error(path, error.why, error.remedy)
        }
    }

    private init(_ path: FilePath, _ series: ImageSeries, rate: Rational?) {
        self.path = path
        self.series = series
        kind = (try? ImageHeader(of: path.appending(series.names[0])))?.kind ?? series.kind
        let noted = rate ?? Self.notedRate(path)
        frameRate = noted ?? Self.usualRate
        rateIsAssumed = noted == nil
    }

    /// The frame rate in the folder's note; nil where somebody has copied images without it, or
    /// 8cut has not made them.
    package static func notedRate(_ path: FilePath) -> Rational? {
        let bytes = try? SmallFile.read(path.appending(noteName), limit: 1 << 16)
        let note = bytes.flatMap { try? JSONDecoder().decode(Note.self, from: Data($0)) }
        return note.flatMap { MediaLimits.allows($0.frameRate) ? $0.frameRate : nil }
    }

    /// What people should know of the images, as sentences; nil where there is nothing.
    package var note: String? {
        var notes = series.notes
        if rateIsAssumed {
            notes.append(
                "its frame rate is not known: \(frameRate.numerator) fps are taken, and --fps sets "
                    + "another"
            )
        }
        return notes.isEmpty
            ? nil : "\(quoted(path.string)): " + notes.joined(separator: "; ") + "."
    }

    /// Whether the file is a plain one that can be opened. A pipe can, but then ffmpeg would wait.
    private static func isReadable(_ path: FilePath) -> Bool {
        FileStatus(following: path)?.kind == .file
            && path.withPlatformString { access($0, R_OK) } == 0
    }

    /// Writes the note.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - frameRate: frames per second.
    ///   - frameCount: how many there are.
    /// - Throws: `EightCutError` when it cannot be written.
    package static func writeNote(
        in path: FilePath,
        frameRate: Rational,
        frameCount: Int
    ) throws {
        let note = Note(frameRate: frameRate, frameCount: frameCount)
        let text = try JSONText.line(note)
        try AtomicFile.write(text + "\n", to: path.appending(noteName))
    }

    /// The audio file beside the folder.
    package var audioPath: FilePath {
        path.removingLastComponent().appending((path.lastComponent?.string ?? "") + ".wav")
    }

    /// Whether there is one.
    var hasAudio: Bool { Self.isReadable(audioPath) }

    private static func error(_ path: FilePath, _ why: String, _ remedy: String? = nil)
        -> EightCutError
    {
        EightCutError(
            .inputUnusable,
            "cannot read the video",
            on: path.string,
            because: why,
            remedy: remedy
        )
    }
}

extension ImageSequence {
    /// The links that ffmpeg reads; nil where it can count the names of the images.
    private var links: ImageLinks? {
        if series.pattern != nil, series.kind == kind { return nil }
        return ImageLinks(source: path, names: series.names, ending: kind.ending)
    }

    /// The options with which ffmpeg reads the images. In their name a percent sign begins the
    /// place of the number.
    var arguments: [String] {
        var name = ("%08d." + kind.ending, first: 0)
        if links == nil, let pattern = series.pattern { name = (pattern.name, pattern.first) }
        return [
            "-protocol_whitelist", "file", "-max_pixels", "\(MediaLimits.pixels)",
            "-f", "image2", "-pattern_type", "sequence", "-start_number", "\(name.first)",
            "-framerate", frameRate.description, "-i",
            MediaInput.pattern(links?.path ?? path) + "/" + name.0,
        ]
    }

    /// The options with which ffmpeg reads the audio; the images when there is none.
    var audioArguments: [String] {
        guard hasAudio else { return arguments }
        return ["-protocol_whitelist", "file", "-f", "wav", "-i", MediaInput.url(audioPath)]
    }

    /// Makes sure that ffmpeg can read all of the files, waits for none of them, and gets frames of
    /// one size and format; and makes the links that it reads, if it needs any.
    ///
    /// - Returns: whether ffmpeg swaps the rows and columns of the images.
    /// - Throws: `EightCutError` that names the first file that is not as the others.
    func check() throws -> Bool {
        var first: ImageHeader?
        for name in series.names {
            let header = try header(of: name)
            guard let known = first else {
                first = header
                continue
            }
            guard header.kind == known.kind else {
                throw Self.error(
                    path,
                    "\(quoted(name.string)) is a \(header.kind.rawValue) image, and "
                        + "\(quoted(series.names[0].string)) a \(known.kind.rawValue) image, "
                        + "whatever their names say",
                    "Convert them to one format."
                )
            }
            guard let size = header.size, let wanted = known.size, size != wanted else { continue }
            throw Self.error(
                path,
                "\(quoted(name.string)) has \(size) pixels, and "
                    + "\(quoted(series.names[0].string)) has \(wanted)",
                "All frames of a video have the same size."
            )
        }
        if FileStatus(following: audioPath) != nil { try requirePlainFile(audioPath) }
        try links?.make()
        return first?.isTurned ?? false
    }

    private func header(of name: FilePath.Component) throws -> ImageHeader {
        let file = path.appending(name)
        try requirePlainFile(file)
        do {
            guard let header = try ImageHeader(of: file) else {
                throw Self.error(
                    path,
                    "\(quoted(name.string)) is no JPEG, PNG, WebP or TIFF image",
                    "Check that it was copied completely."
                )
            }
            guard !header.isAnimated else {
                throw Self.error(path, "\(quoted(name.string)) is an animation, not one image")
            }
            return header
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot open the image",
                on: file.string,
                because: "\(error)"
            )
        }
    }

    private func requirePlainFile(_ file: FilePath) throws {
        guard let kind = FileStatus(following: file)?.kind, kind != .file else { return }
        throw EightCutError(
            .inputUnusable,
            "cannot read the video",
            on: file.string,
            because: "it is \(kind.name), not a plain file"
        )
    }
}
