import Files
import Imaging
import MaskStore
import Observation
import SystemPackage

/// The mask that lies over the picture: that of a finished run, or the one that the marks give.
@MainActor
@Observable
package final class OverlayModel {
    /// How it looks.
    package struct Style: Sendable, Equatable, Codable {
        /// Whether it is there.
        package var isOn = true
        /// Which of `colours`.
        package var colour = 0
        /// How much covers the picture, from 0 to 1.
        package var opacity = 0.45
        /// Whether a line is drawn around the object.
        package var hasOutline = true

        /// As nobody has changed it.
        package init() {}
    }

    /// Colours that are told apart from each other, and from most pictures.
    package static let colours: [(red: Int, green: Int, blue: Int)] = [
        (0, 200, 120), (255, 60, 60), (60, 140, 255), (255, 200, 0), (230, 80, 230),
    ]

    /// How it looks.
    package var style = Style() {
        didSet {
            guard style != oldValue else { return }
            painted = [:]
            repaint()
            onStyle(style)
        }
    }
    /// The picture to draw over the video; nil for none.
    package private(set) var image: ScreenImage?

    /// Painted masks are kept up to this.
    private static let mostBytes = 64 << 20

    /// A mask file, and which reading of it.
    private struct Source: Hashable {
        let path: FilePath
        let number: Int
        let isInverted: Bool
    }

    @ObservationIgnored private var wanted: (source: Source, frame: Int)?
    @ObservationIgnored private var painted: [Source: ScreenImage] = [:]
    @ObservationIgnored private var reading: Task<Void, Never>?
    @ObservationIgnored var onStyle: @MainActor (Style) -> Void = { _ in }

    init() {}

    /// Shows the mask of a frame of a finished run.
    func show(folder: FilePath, number: Int, frame: Int, isInverted: Bool) {
        let path = folder.appending(MaskName.of(frame: frame))
        want(Source(path: path, number: number, isInverted: isInverted), frame)
    }

    /// Shows a mask file.
    func show(_ path: FilePath, number: Int, frame: Int) {
        want(Source(path: path, number: number, isInverted: false), frame)
    }

    /// Shows none.
    func clear() {
        wanted = nil
        if image != nil { image = nil }
    }

    private func want(_ source: Source, _ frame: Int) {
        guard wanted?.source != source || wanted?.frame != frame else { return }
        wanted = (source, frame)
        repaint()
    }

    private func repaint() {
        guard let wanted, style.isOn else {
            if image != nil { image = nil }
            return
        }
        if let image = painted[wanted.source] {
            self.image = image
            return
        }
        guard reading == nil else { return }
        let painter = MaskPainter(
            colour: Self.colours[min(max(0, style.colour), Self.colours.count - 1)],
            opacity: style.opacity,
            hasOutline: style.hasOutline,
            isInverted: wanted.source.isInverted
        )
        let style = self.style
        reading = Task { [weak self] in
            let image = try? await background { try painter.read(wanted.source.path) }
            guard let self else { return }
            reading = nil
            if style == self.style {
                let bytes = image.map { $0.rowBytes * $0.height } ?? 0
                if painted.count * bytes > Self.mostBytes { painted = [:] }
                painted[wanted.source] = image
            }
            // What was read is shown even when the video is a frame further: better late than
            // never, while it plays.
            if let now = self.wanted,
                now.source == wanted.source || isNear(now.frame, wanted.frame)
            {
                self.image = image
            }
            if let now = self.wanted, now.source != wanted.source || style != self.style {
                repaint()
            }
        }
    }

    private func isNear(_ one: Int, _ other: Int) -> Bool { abs(one - other) <= 3 }
}
