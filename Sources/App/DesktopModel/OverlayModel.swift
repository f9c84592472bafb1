import Files
import Imaging
import MaskStore
import Observation
import SystemPackage

/// The mask over the frame: of a finished run, or of the marks.
@MainActor
@Observable
package final class OverlayModel {
    package struct Style: Sendable, Equatable, Codable {
        package var isOn = true
        /// Index of one of `colours`.
        package var colour = 0
        /// From 0 to 1.
        package var opacity = 0.45
        package var hasOutline = true

        package init() {}
    }

    /// Colours that differ from each other and from most videos.
    package nonisolated static let colours: [(red: Int, green: Int, blue: Int)] = [
        (0, 200, 120), (255, 60, 60), (60, 140, 255), (255, 200, 0), (230, 80, 230),
    ]

    package var style = Style() {
        didSet {
            guard style != oldValue else { return }
            painted = [:]
            repaint()
        }
    }
    /// The image to draw over the video; nil for none.
    package private(set) var image: ScreenImage?

    /// Limit of the cache of painted masks.
    private let mostBytes: Int

    /// A mask file. The number changes if the file may have been replaced.
    private struct Source: Hashable {
        let path: FilePath
        let number: Int
        let isInverted: Bool
    }

    @ObservationIgnored private var wanted: (source: Source, frame: Int)?
    @ObservationIgnored private var painted: [Source: ScreenImage] = [:]
    @ObservationIgnored private var reading: Task<Void, Never>?

    init(mostBytes: Int = 64 << 20) { self.mostBytes = mostBytes }

    /// Shows the mask of a frame of a finished run.
    func show(folder: FilePath, number: Int, frame: Int, isInverted: Bool) {
        let path = folder.appending(MaskName.of(frame: frame))
        want(Source(path: path, number: number, isInverted: isInverted), frame)
    }

    func show(_ path: FilePath, number: Int, frame: Int) {
        want(Source(path: path, number: number, isInverted: false), frame)
    }

    func clear() {
        wanted = nil
        if image != nil { image = nil }
    }

    /// Shows none, and forgets all that were painted.
    func forget() {
        clear()
        painted = [:]
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
                if painted.count * bytes > mostBytes { painted = [:] }
                painted[wanted.source] = image
            }
            // While the video plays, a mask that is a few frames late is better than none.
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

/// Paints masks as images to draw over frames.
package struct MaskPainter {
    /// Red, green and blue, from 0 to 255.
    package let colour: (red: Int, green: Int, blue: Int)
    /// From 0 to 1.
    package let opacity: Double
    package let hasOutline: Bool
    /// Whether the object is black in the mask.
    package let isInverted: Bool

    package init(
        colour: (red: Int, green: Int, blue: Int),
        opacity: Double,
        hasOutline: Bool,
        isInverted: Bool
    ) {
        (self.colour, self.opacity) = (colour, opacity)
        (self.hasOutline, self.isInverted) = (hasOutline, isInverted)
    }

    /// - Throws: `EightCutError` if the mask cannot be read.
    func read(_ path: FilePath) throws -> ScreenImage { paint(try PNG.readGray(path)) }

    package func paint(_ mask: GrayImage) -> ScreenImage {
        let (width, height) = (mask.width, mask.height)
        let fill = pixel(opacity)
        let line = hasOutline ? pixel(1) : fill
        let flip: UInt8 = isInverted ? 255 : 0
        // Thick enough to be visible if the frame is shown small.
        let reach = max(1, max(width, height) / 480)
        return ScreenImage(width: width, height: height, isOpaque: false) { bytes in
            let target = bytes.bindMemory(to: UInt32.self)
            mask.pixels.withUnsafeBufferPointer { source in
                for y in 0..<height {
                    let row = y * width
                    for x in 0..<width {
                        let index = row + x
                        guard (source[index] ^ flip) >= 128 else {
                            target[index] = 0
                            continue
                        }
                        let isInside =
                            x >= reach && y >= reach && x + reach < width && y + reach < height
                            && (source[index - reach] ^ flip) >= 128
                            && (source[index + reach] ^ flip) >= 128
                            && (source[index - reach * width] ^ flip) >= 128
                            && (source[index + reach * width] ^ flip) >= 128
                        target[index] = isInside ? fill : line
                    }
                }
            }
        }
    }

    /// Blue, green, red and alpha in memory order, premultiplied.
    private func pixel(_ opacity: Double) -> UInt32 {
        let part = { (value: Int) in UInt32((Double(value) * opacity).rounded()) }
        return UInt32((opacity * 255).rounded()) << 24 | part(colour.red) << 16
            | part(colour.green) << 8 | part(colour.blue)
    }
}
