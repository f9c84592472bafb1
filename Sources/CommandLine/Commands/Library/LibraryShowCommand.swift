import ArgumentParser
import ClipExport
import ClipLibrary
import Diagnostics
import FoundationEssentials

/// `8cut library show`.
struct LibraryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the record of a clip: its settings and its masks.",
        discussion: """
            Examples:
              8cut library show 12
              8cut library show 12 --json
            """
    )

    @Argument(help: ArgumentHelp("Number of the clip.", valueName: "clip"))
    var id: Int64

    @Flag(help: "Print a JSON object.")
    var json = false

    /// What is shown.
    private struct Details: Encodable {
        let clip: ClipRow
        let settings: CutSettings?
        let masks: [LibraryMasks]
    }

    func run() async throws {
        let library = try await Library.openForReading()
        let clip = try await LibraryLookup.clip(id, in: library)
        let details = Details(
            clip: ClipRow(clip),
            settings: try? JSONDecoder().decode(CutSettings.self, from: Data(clip.settings.utf8)),
            masks: try await library?.masks(of: id) ?? []
        )
        if json {
            try Listing.write(json: details)
        } else {
            try Listing.write(Self.lines(details))
        }
    }

    private static func lines(_ details: Details) -> String {
        let clip = details.clip
        var rows = [
            ["clip:", visible(clip.path)], ["label:", visible(clip.label ?? "-")],
            ["category:", visible(clip.category ?? "-")], ["video:", visible(clip.source)],
            ["start:", ClipStart.clock(nanoseconds: Int(clip.start * 1e6) * 1000)],
            ["length:", "\(clip.frames) frames at \(clip.frameRate) fps, \(clip.duration) s"],
            ["size:", "\(clip.width)x\(clip.height)"],
        ]
        if let rate = clip.sampleRate, let samples = clip.samples {
            rows.append(["audio:", "\(samples) samples at \(rate) Hz"])
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
            let details = [
                masks.method, "\(masks.frameCount)", masks.confidence.map { "confidence \($0)" },
                masks.isStale ? "of an earlier cut" : nil,
            ]
            let text = details.compactMap(\.self).joined(separator: ", ")
            rows.append(["masks:", "\(visible(masks.path)) (\(text))"])
        }
        return TextTable.lines(rows)
    }
}
