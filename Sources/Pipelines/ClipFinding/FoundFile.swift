import Diagnostics
import Files
import SystemPackage

/// The form of a file of shots or candidates, by the ending of its name.
package enum FoundForm: String, Sendable, CaseIterable {
    /// A table that `8cut export --list` cuts.
    case csv
    /// JSON Lines, which `8cut batch plan --from` takes.
    case jsonl
    /// One JSON document.
    case json
    /// Labels for Audacity: start, end and text, with tabs between them.
    case txt
    /// An edit decision list (CMX 3600).
    case edl

    /// - Parameters:
    ///   - path: the file.
    ///   - forms: those that there are of what is written.
    /// - Throws: `EightCutError` (`usage`) that names the endings.
    package init(of path: FilePath, among forms: [FoundForm]) throws {
        let ending = (path.extension ?? "").lowercased()
        if let form = forms.first(where: { $0.rawValue.isExactly(ending) }) {
            self = form
            return
        }
        throw EightCutError(
            .usage,
            "cannot write",
            on: path.string,
            because: "its name has to end with "
                + forms.map { "." + $0.rawValue }.joined(separator: ", "),
            remedy: "Choose one of these endings."
        )
    }
}

/// Shots as a file.
package enum ShotFile {
    package static let forms: [FoundForm] = [.csv, .json, .txt, .edl]

    /// The content of the file.
    package static func text(_ document: ShotDocument, as form: FoundForm) throws -> String {
        switch form {
        case .csv: csv(document)
        case .txt: labels(document)
        case .edl: edl(document)
        case .json, .jsonl: try JSONText.pretty(document) + "\n"
        }
    }

    private static func csv(_ document: ShotDocument) -> String {
        let heading = ["input", "start", "end", "startFrame", "endFrame", "kind", "score"]
        let rows = document.shots.map { shot in
            [
                document.input, FoundText.seconds(shot.start), FoundText.seconds(shot.end),
                "\(shot.startFrame)", "\(shot.endFrame)", shot.kind, "\(shot.score)",
            ]
        }
        return FoundText.lines(([heading] + rows).map { CSVText.line($0) })
    }

    private static func labels(_ document: ShotDocument) -> String {
        FoundText.lines(
            document.shots.enumerated().map { index, shot in
                FoundText.seconds(shot.start) + "\t" + FoundText.seconds(shot.end)
                    + "\t\(index + 1) \(shot.kind)"
            }
        )
    }

    private static func edl(_ document: ShotDocument) -> String {
        let rate = max(1, Int(document.frameRate.rounded()))
        let name = FilePath(document.input).lastComponent?.string ?? document.input
        var lines = ["TITLE: " + visible(name), "FCM: NON-DROP FRAME", ""]
        for (index, shot) in document.shots.enumerated() {
            let (start, end) = (
                FoundText.timecode(shot.startFrame, rate), FoundText.timecode(shot.endFrame, rate)
            )
            lines.append(
                FoundText.padded(index + 1, 3) + "  AX       V     C        "
                    + "\(start) \(end) \(start) \(end)"
            )
            lines.append("* FROM CLIP NAME: " + visible(name))
            lines.append("* COMMENT: \(shot.kind) \(shot.score)")
        }
        return FoundText.lines(lines)
    }
}

/// Candidates as a file.
package enum CandidateFile {
    package static let forms: [FoundForm] = [.csv, .jsonl, .json, .txt]

    /// The content of the file.
    package static func text(
        _ candidates: [CandidateRecord],
        as form: FoundForm
    ) throws -> String {
        switch form {
        case .csv, .edl: csv(candidates)
        case .jsonl: FoundText.lines(try candidates.map { try JSONText.line($0) })
        case .txt: labels(candidates)
        case .json: try JSONText.pretty(CandidateDocument(candidates)) + "\n"
        }
    }

    private static func csv(_ candidates: [CandidateRecord]) -> String {
        let signals = Candidate.Signal.allCases
        let heading =
            ["input", "start", "duration", "name", "label", "startFrame", "rank", "score", "flags"]
            + signals.map(\.rawValue)
        let rows = candidates.map { candidate in
            [
                candidate.input, FoundText.seconds(candidate.start),
                FoundText.seconds(candidate.duration), candidate.name ?? "",
                candidate.label ?? "", "\(candidate.startFrame)", "\(candidate.rank)",
                "\(candidate.score)", candidate.flags.joined(separator: " "),
            ] + signals.map { candidate.value(of: $0).map { "\($0)" } ?? "" }
        }
        return FoundText.lines(([heading] + rows).map { CSVText.line($0) })
    }

    private static func labels(_ candidates: [CandidateRecord]) -> String {
        FoundText.lines(
            candidates.sorted { $0.start < $1.start }.map {
                FoundText.seconds($0.start) + "\t" + FoundText.seconds($0.start + $0.duration)
                    + "\t#\($0.rank) \($0.score)"
            }
        )
    }
}

/// Numbers as these files have them.
enum FoundText {
    /// Seconds with six decimals and never with an exponent.
    static func seconds(_ value: Double) -> String {
        let microseconds = Int((value * 1e6).rounded())
        let fraction = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        return "\(microseconds / 1_000_000)." + fraction
    }

    /// `hh:mm:ss:ff`, which counts frames without gaps.
    static func timecode(_ frame: Int, _ rate: Int) -> String {
        let seconds = frame / rate
        return [seconds / 3600, seconds / 60 % 60, seconds % 60, frame % rate]
            .map { padded($0, 2) }.joined(separator: ":")
    }

    static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    static func lines(_ lines: [String]) -> String {
        lines.map { $0 + "\n" }.joined()
    }
}
