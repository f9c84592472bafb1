import DesktopModel
import GtkKit
import Localization

/// Playing, stepping, what is shown, how loud it is, and how the mask looks.
final class TransportBar {
    let widget: Box
    private let model: AppModel
    private let play: Button
    private let video: ToggleButton
    private let clip: ToggleButton
    private let time = Label().styled("time", "numeric")

    init(_ model: AppModel) {
        self.model = model
        let preview = model.preview
        play = Button(icon: "media-playback-start-symbolic", name: localized("Play")) {
            preview.togglePlaying()
        }
        let back = Button(
            icon: "media-skip-backward-symbolic",
            name: localized("Previous Frame"),
            tooltip: localized("Previous frame (Left)")
        ) { preview.step(forward: false) }
        let on = Button(
            icon: "media-skip-forward-symbolic",
            name: localized("Next Frame"),
            tooltip: localized("Next frame (Right)")
        ) { preview.step(forward: true) }
        video = ToggleButton(localized("Video"), name: localized("Show the Video")) { _ in
            model.showVideo()
        }
        clip = ToggleButton(localized("Clip"), name: localized("Show the Clip")) { _ in
            model.showClip()
        }
        let mute = ToggleButton(
            icon: "audio-volume-high-symbolic",
            name: localized("Mute")
        ) { preview.isMuted = $0 }
        let volume = Scale(name: localized("Volume"), 0...1, step: 0.05) { preview.volume = $0 }
            .sizeRequest(width: 70)
        let all = Button(
            icon: "zoom-fit-best-symbolic",
            name: localized("Show All"),
            tooltip: localized("Show the whole timeline (0)")
        ) { model.shownTimeline.showAll() }
        widget = Box.row(
            Box.linked(video, clip),
            Box.linked(back, play, on),
            time.expanding(),
            all,
            OverlayControls(model).widget,
            mute,
            volume
        ).styled("bar")
        mute.bind { [unowned mute] in
            mute.isOn = preview.isMuted
            mute.setIcon(
                preview.isMuted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic"
            )
        }
        volume.bind { [unowned volume] in volume.value = preview.volume }
        all.bind { [unowned all] in
            all.isSensitive = !model.shownTimeline.isWhole
        }
        for button in [back, play, on] {
            button.bind { [unowned button] in button.isSensitive = preview.properties != nil }
        }
        bind()
    }

    private func bind() {
        let preview = model.preview
        play.bind { [unowned self] in
            play.setIcon(
                preview.isPaused
                    ? "media-playback-start-symbolic" : "media-playback-pause-symbolic"
            )
            play.named(
                preview.isPaused ? localized("Play") : localized("Pause"),
                tooltip: preview.isPaused
                    ? localized("Play the span in a loop (Space)") : localized("Pause (Space)")
            )
        }
        video.bind { [unowned self] in
            video.isSensitive = model.playlist.current?.source != nil
            video.isOn = preview.subject != .nothing && preview.clip == nil
        }
        clip.bind { [unowned self] in
            clip.isSensitive = model.masks.target != nil
            clip.isOn = preview.clip != nil
        }
        time.bind { [unowned self] in
            guard preview.properties != nil else { return time.text = "" }
            let place = TimeText.exact(preview.position)
            time.text =
                preview.clip.map {
                    localized("%1 · frame %2 of %3", place, "\(preview.frame)", "\($0.frameCount)")
                } ?? place + " / " + TimeText.exact(preview.duration)
        }
    }
}

/// How the mask is drawn over the frame.
final class OverlayControls {
    let widget: Box

    init(_ model: AppModel) {
        let overlay = model.overlay
        let isOn = ToggleButton(
            icon: "view-reveal-symbolic",
            name: localized("Show the Mask")
        ) { overlay.style.isOn = $0 }
        let colours = [
            localized("Green"), localized("Red"), localized("Blue"), localized("Yellow"),
            localized("Magenta"),
        ]
        let colour = DropDown(name: localized("Colour of the Mask"), colours) {
            overlay.style.colour = $0
        }
        let opacity = Scale(name: localized("Opacity of the Mask"), 0.1...1, step: 0.05) {
            overlay.style.opacity = $0
        }.sizeRequest(width: 140)
        let outline = CheckButton(localized("Outline")) { overlay.style.hasOutline = $0 }
        let more = MenuButton(
            name: localized("Mask Appearance"),
            content: Box.column(
                Label(localized("Colour")),
                colour,
                Label(localized("Opacity")),
                opacity,
                outline
            ).margins(horizontal: 6, vertical: 6)
        )
        widget = Box.linked(isOn, more)
        isOn.bind { [unowned isOn] in isOn.isOn = overlay.style.isOn }
        colour.bind { [unowned colour] in colour.selected = overlay.style.colour }
        opacity.bind { [unowned opacity] in opacity.value = overlay.style.opacity }
        outline.bind { [unowned outline] in outline.isOn = overlay.style.hasOutline }
    }
}
