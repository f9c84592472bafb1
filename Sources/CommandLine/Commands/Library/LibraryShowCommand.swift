import ArgumentParser
import ClipExport
import ClipLibrary
import Diagnostics
import FoundationEssentials
import Glibc

/// `8cut library show`.
struct LibraryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of a clip: how it was cut, and its masks."
    )

    @Argument(help: ArgumentHelp("The clip's number.", valueName: "clip"))
    var id: Int64

    @Flag(help: "As a JSON object.")
    var json = false

    /// What is shown.
    private struct Details: Encodable {
        let clip: ClipRow
        let settings: CutSettings?
        let masks: [LibraryMasks]
    }

    func run() async throws {
        let library = try await Library.openExisting()
        let clip = try await LibraryLookup.clip(id, in: library)
        let details = Details(
            clip: ClipRow(clip),
            settings: try? JSONDecoder().decode(CutSettings.self, from: Data(clip.settings.utf8)),
            masks: try await library?.masks(of: id) ?? []
        )
        let text = json ? try JSONText.pretty(details) : Self.lines(details)
        guard writeLine(text, to: STDOUT_FILENO) else { throw ExitCode(128 + SIGPIPE) }
    }

    private static func lines(_ details: Details) -> String {
        let clip = details.clip
        var rows = [
            ["clip:", visible(clip.path)], ["label:", visible(clip.label ?? "-")],
            ["category:", visible(clip.category ?? "-")], ["video:", visible(clip.source)],
            ["start:", ClipStart.clock(nanoseconds: Int(clip.start * 1e6) * 1000)],
            ["length:", "\(clip.frames) pictures at \(clip.frameRate), \(clip.duration) s"],
            ["size:", "\(clip.width)x\(clip.height)"],
        ]
        if let rate = clip.sampleRate, let samples = clip.samples {
            rows.append(["sound:", "\(samples) samples at \(rate)"])
        }
        if let settings = details.settings {
            rows.append([
                "settings:",
                "encoder \(settings.encoder.rawValue), crf \(settings.crf), "
                    + "preset \(settings.effort)"
                    + (settings.profile.map { ", profile \($0)" } ?? ""),
            ])
        }
        for masks in details.masks {
            let state = masks.isStale ? ", of an earlier cut" : ""
            rows.append([
                "masks:", "\(visible(masks.path)) (\(masks.method), \(masks.frameCount)\(state))",
            ])
        }
        return TextTable.lines(rows)
    }
}
