import Checkpoints
import Localization

// What is missing for the next step, shown as the tooltip of a button that cannot be pressed.
extension AppModel {
    /// Why no clip can be cut now; nil if one can.
    package var exportObstacle: String? {
        if playlist.current?.source == nil { return localized("Open a video first.") }
        if preview.clip != nil {
            return localized("Clips are cut out of the video: show it first.")
        }
        if let problem = export.problem { return problem }
        if !preview.spanFits, !export.form.allowsShort {
            return localized(
                "Only %1 are left here.",
                TimeText.exact(preview.duration - preview.cursor)
            )
        }
        return nil
    }

    /// Whether clips of the video will have no audio, because it has none.
    package var lacksAudio: Bool {
        preview.clip == nil && playlist.current?.source?.audioStreams.isEmpty == true
    }

    /// What to know before a clip is cut; nil for nothing.
    package var exportNote: String? {
        lacksAudio ? localized("The video has no audio: its clips will have none.") : nil
    }

    /// Why no masks can be made now; nil if they can.
    package var maskObstacle: String? {
        if masks.run != nil { return localized("Masks are being made already.") }
        if masks.target == nil { return localized("Export a clip first, or choose a marker.") }
        if masks.form.method.needsTools, !tools.areInstalled {
            return localized("The ML tools are not installed: see Settings.")
        }
        if let name = missingCheckpoint {
            return localized("The checkpoint %1 is not downloaded: see Settings.", name)
        }
        return nil
    }

    /// What making masks does.
    package var masksText: String {
        let text = localized("Make one mask for every frame of the clip")
        guard masks.form.method == .sam, let clip = masks.target, marks.shown(of: clip).isEmpty
        else { return text }
        return text + "\n"
            + localized(
                "There are no marks: the object that moves or stands out is found by itself."
            )
    }

    /// The checkpoint that the method needs and that is not downloaded, as far as that is known
    /// before the run.
    package var missingCheckpoint: String? {
        guard masks.form.method.needsTools, tools.areInstalled else { return nil }
        var name = masks.form.model
        if name.isEmpty {
            // On a GPU the default depends on its memory.
            let hasGPU = tools.status?.devices.contains { $0.gpu != nil } ?? false
            guard !hasGPU || masks.form.device == "cpu" else { return nil }
            name = masks.form.method == .sam ? "sam2.1-hiera-tiny" : "depth-anything-v2-small"
        }
        guard let entry = checkpoints.entries.first(where: { $0.id == name }) else { return nil }
        if case .complete = entry.state { return nil }
        return name
    }
}
