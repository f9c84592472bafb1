import Diagnostics
import SystemPackage

// The session is a file: whatever is in it must neither end the app nor fill its lists. Every number
// goes through `bounded`; a text that no part of the app has written is as if it were missing.
extension SessionState {
    /// The same session within the limits of the app.
    var bounded: SessionState {
        var state = self
        state.files = files.prefix(Limits.videos).filter { Self.isPath($0.path) }.map {
            var file = $0
            file.cursor = Diagnostics.bounded($0.cursor, Limits.seconds)
            if let stream = file.video.stream, !Limits.streams.contains(stream) {
                file.video.stream = nil
            }
            return file
        }
        if let path = current, !Self.isPath(path) { state.current = nil }
        if let path = lastClip, !Self.isPath(path) { state.lastClip = nil }
        state.export = export.bounded
        state.masks = masks.bounded
        state.overlay.colour = Diagnostics.bounded(
            overlay.colour,
            0...OverlayModel.colours.count - 1
        )
        state.overlay.opacity = Diagnostics.bounded(overlay.opacity, 0...1)
        state.volume = Diagnostics.bounded(volume, 0...1)
        state.windowWidth = Diagnostics.bounded(windowWidth, Limits.windowSizes)
        state.windowHeight = Diagnostics.bounded(windowHeight, Limits.windowSizes)
        state.marks = boundedMarks
        return state
    }

    private var boundedMarks: [String: [Mark]] {
        var kept: [String: [Mark]] = [:]
        var count = 0
        for (path, marks) in marks.sorted(by: { $0.key < $1.key }) where Self.isPath(path) {
            let space = min(Limits.marksOfClip, Limits.marks - count)
            // Numbers must differ, and further ones follow them.
            let some = marks.prefix(space).enumerated().map { $1.bounded(id: count + $0 + 1) }
            count += some.count
            if !some.isEmpty { kept[path] = some }
        }
        return kept
    }

    static func isPath(_ text: String) -> Bool {
        text.utf8.first == UInt8(ascii: "/") && text.utf8.count < Limits.pathBytes
            && !text.utf8.contains(0)
    }
}

extension Mark {
    fileprivate func bounded(id: Int) -> Mark {
        let pixel = { (value: Double) in Diagnostics.bounded(value, Limits.pixels) }
        let kind: Kind =
            switch kind {
            case .point(let x, let y, let isPositive):
                .point(x: pixel(x), y: pixel(y), isPositive: isPositive)
            case .box(let left, let top, let right, let bottom):
                .box(
                    left: min(pixel(left), pixel(right)),
                    top: min(pixel(top), pixel(bottom)),
                    right: max(pixel(left), pixel(right)),
                    bottom: max(pixel(top), pixel(bottom))
                )
            }
        return Mark(id: id, frame: Diagnostics.bounded(frame, Limits.frames), kind: kind)
    }
}

extension ExportForm {
    fileprivate var bounded: ExportForm {
        var form = self
        let standard = ExportForm()
        if !SessionState.isPath(folder) { form.folder = "" }
        if !isEntry(name) { form.name = standard.name }
        if !isEntry(label) { form.label = "" }
        if !isEntry(category) { form.category = "" }
        if !isEntry(preset) { form.preset = "" }
        if !isEntry(crop) { form.crop = "" }
        form.count = Diagnostics.bounded(count, 1...100)
        form.spread = Diagnostics.bounded(spread, 0.1...600)
        form.cropCenter = Diagnostics.bounded(cropCenter, 0...1)
        form.shortSide = Diagnostics.bounded(shortSide, 0...8192)
        return form
    }
}

extension MaskForm {
    fileprivate var bounded: MaskForm {
        var form = self
        if !isEntry(depthModel) { form.depthModel = "" }
        if !isEntry(samModel) { form.samModel = "" }
        if !["auto", "cpu", "cuda"].contains(device) { form.device = "auto" }
        form.threshold = threshold.map { Diagnostics.bounded($0, 0...255) }
        return form
    }
}

/// Whether a text may have come from an entry of the app.
private func isEntry(_ text: String) -> Bool {
    text.utf8.count <= Limits.pathBytes && !text.utf8.contains(0)
}
