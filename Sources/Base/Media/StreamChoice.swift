import Diagnostics
import SystemPackage

/// The streams of one kind, and which of them is read.
///
/// By itself that is the one that the file marks as default, or else the first. Streams that are
/// made for some listeners, or to accompany others, come after those, then still images beside a
/// video, then cover art.
package struct StreamChoice: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case video, audio
    }

    package let kind: Kind
    /// The streams of that kind in words, in the order of the file: "h264, 320x64".
    package let descriptions: [String]
    /// The number that is taken where none is given, counted from 0 among them.
    package let automatic: Int?
    /// Whether there are several that could be meant.
    package let isAmbiguous: Bool

    init(_ kind: Kind, _ report: ProbeReport) {
        let streams = report.streams.filter { $0.kind == kind.rawValue }
        let ranks = streams.map { report.rank(of: $0, among: streams) }
        self.kind = kind
        descriptions = zip(streams, ranks).map { Self.description(of: $0, $1) }
        let best = ranks.min()
        automatic =
            streams.indices.first { ranks[$0] == best && streams[$0].disposition?.isDefault == 1 }
            ?? streams.indices.first { ranks[$0] == best }
        isAmbiguous = ranks.count { $0 < .unreadable } > 1
    }

    /// The number of the stream to read.
    ///
    /// - Parameters:
    ///   - number: the number that was asked for; nil for none.
    ///   - path: the file, for the error.
    /// - Returns: nil where there is none and none was asked for.
    /// - Throws: `EightCutError` when there is none of that number.
    package func number(_ number: Int?, of path: FilePath) throws -> Int? {
        guard let number else { return automatic }
        guard descriptions.indices.contains(number) else {
            let (kind, count) = (kind.rawValue, descriptions.count)
            throw EightCutError(
                .usage,
                "cannot use \(kind) stream \(number)",
                on: path.string,
                because: count == 0
                    ? "it has no \(kind) stream"
                    : "it has \(count) \(kind) stream\(count == 1 ? "" : "s"), counted from 0: \(list)",
                remedy: count == 0
                    ? "Choose no \(kind) stream." : "Choose one of them as the \(kind) stream."
            )
        }
        return number
    }

    /// Which stream was taken by itself out of several.
    ///
    /// - Parameters:
    ///   - number: the number that was asked for; nil for none.
    ///   - path: the file.
    /// - Returns: a sentence; nil where there was nothing to choose, or the user has chosen.
    package func note(_ number: Int?, of path: FilePath) -> String? {
        guard number == nil, isAmbiguous, let automatic else { return nil }
        let kind = kind.rawValue
        return "\(quoted(path.string)) has \(descriptions.count) \(kind) streams (\(list)): stream "
            + "\(automatic) is used. --\(kind)-stream chooses another."
    }

    private var list: String {
        zip(0..., descriptions).map { "\($0): \($1)" }.joined(separator: "; ")
    }

    /// How likely a stream is the one that is meant: the least is.
    fileprivate enum Rank: Int, Comparable {
        case main, secondary, still, unreadable, cover

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private static func description(of stream: ProbeReport.Stream, _ rank: Rank) -> String {
        var parts = [visible(stream.codec ?? "unknown codec")]
        if let width = stream.width, let height = stream.height, width > 0 {
            parts.append("\(width)x\(height)")
        }
        if let channels = stream.channels {
            parts.append("\(channels) channel\(channels == 1 ? "" : "s")")
        }
        if let language = stream.tags?["language"], language != "und" {
            parts.append(visible(language.shortened(to: 20)))
        }
        switch rank {
        case .cover: parts.append("cover art")
        case .still: parts.append("still image")
        case .main, .secondary, .unreadable: break
        }
        parts += stream.disposition?.words ?? []
        return parts.joined(separator: ", ")
    }
}

extension ProbeReport {
    fileprivate func rank(of stream: Stream, among streams: [Stream]) -> StreamChoice.Rank {
        let isReadable =
            stream.kind == "audio" ? Self.sampleRate(stream) != nil : (stream.width ?? 0) > 0
        let disposition = stream.disposition
        if disposition?.coverArt == 1 || disposition?.timedThumbnails == 1 { return .cover }
        guard stream.codec != nil, isReadable else { return .unreadable }
        if isStill(stream), streams.contains(where: { !isStill($0) }) { return .still }
        return disposition?.isSecondary == true ? .secondary : .main
    }

    /// Whether a stream is a single image, as far as that is known.
    private func isStill(_ stream: Stream) -> Bool {
        guard stream.kind == "video" else { return false }
        if stream.disposition?.stillImage == 1 || stream.disposition?.coverArt == 1 { return true }
        if let count = stream.index.flatMap({ packetCounts[$0] }) { return count == 1 }
        return stream.frameCount == "1"
    }

    /// Whether packets have to be counted to find out which stream is the video.
    var hasSeveralVideos: Bool {
        streams.count { $0.kind == "video" && $0.disposition?.coverArt != 1 } > 1
    }
}

extension ProbeReport.Disposition {
    /// Whether the stream accompanies another, or is made for some listeners or viewers only.
    fileprivate var isSecondary: Bool {
        [
            comment, hearingImpaired, visualImpaired, karaoke, cleanEffects, descriptions,
            dependent, lyrics,
        ].contains(1)
    }

    fileprivate var words: [String] {
        [
            (isDefault, "default"), (comment, "commentary"),
            (hearingImpaired, "for the hearing impaired"),
            (visualImpaired, "for the visually impaired"), (karaoke, "karaoke"),
            (cleanEffects, "without voices"), (descriptions, "descriptions"),
            (dependent, "to be mixed with another"), (dub, "dub"), (original, "original"),
        ].filter { $0.0 == 1 }.map(\.1)
    }
}
