import CMpv
import Diagnostics
import Glibc
import SystemPackage

/// Plays a video with libmpv: sound to the system, pictures to a `FrameRenderer`.
///
/// All times are seconds as the file has them. No call waits: what it leads to is told by events.
package final class Player: Sendable {
    /// What happens to a player.
    package enum Event: Sendable, Equatable {
        /// A file is open.
        case opened(Properties)
        /// A file cannot be played, for this reason.
        case failed(String)
        /// The time of the picture that is shown.
        case position(Double)
        /// Whether it stands still.
        case paused(Bool)
        /// A jump is done: the picture that was asked for is there.
        case seekCompleted
    }

    /// What is known of an open file.
    package struct Properties: Sendable, Equatable {
        /// Length in seconds, 0 where nobody knows it.
        package var duration = 0.0
        /// Columns of the picture as it is shown: pixels that are not square are made so.
        package var width = 0
        /// Rows of the picture as it is shown.
        package var height = 0
        /// Pictures per second, as the file says it.
        package var frameRate = 0.0
        /// Whether there is sound.
        package var hasAudio = false
    }

    /// The events, in their order. There is one reader.
    package let events: AsyncStream<Event>

    let handle: MpvHandle
    private let pump: EventPump

    /// Starts a player without a file.
    ///
    /// - Throws: `EightCutError` when libmpv cannot be started.
    package init() throws {
        // libmpv reads its own numbers by this locale, and refuses to start in others.
        setlocale(LC_NUMERIC, "C")
        guard let pointer = mpv_create() else {
            throw EightCutError(
                .toolFailed,
                "cannot start the player",
                because: "libmpv has no memory left or the locale is wrong"
            )
        }
        handle = MpvHandle(pointer)
        for (name, value) in Self.options { mpv_set_option_string(pointer, name, value) }
        // Without a graphics card libmpv would look for one, and complain, with every file.
        let hasCard = access("/dev/dri", F_OK) == 0 || access("/dev/nvidia0", F_OK) == 0
        mpv_set_option_string(pointer, "hwdec", hasCard ? "auto-copy-safe" : "no")
        let status = mpv_initialize(pointer)
        guard status >= 0 else {
            throw EightCutError(
                .toolFailed,
                "cannot start the player",
                because: String(cString: mpv_error_string(status))
            )
        }
        let (stream, writer) = AsyncStream<Event>.makeStream()
        events = stream
        pump = EventPump(handle, writer)
        pump.start()
    }

    private static let options = [
        ("vo", "libmpv"), ("config", "no"), ("terminal", "no"), ("load-scripts", "no"),
        ("ytdl", "no"), ("osd-level", "0"), ("osc", "no"), ("input-default-bindings", "no"),
        ("input-vo-keyboard", "no"), ("audio-display", "no"), ("sid", "no"), ("pause", "yes"),
        // The renderer is asked for the very size that the picture has on the screen.
        ("keepaspect", "no"), ("idle", "yes"), ("keep-open", "yes"), ("keep-open-pause", "yes"),
        ("hr-seek", "yes"),
        // Times are those of the file, so that they can be told to ffmpeg.
        ("rebase-start-time", "no"),
        // Where no sound can be played, the pictures keep their pace all the same.
        ("audio-fallback-to-null", "yes"), ("audio-client-name", "8-cut"),
        // What a file is, its content says; and nothing in it may name another file.
        ("demuxer", "lavf"), ("access-references", "no"),
        ("demuxer-lavf-o", "protocol_whitelist=file"), ("autoload-files", "no"),
        ("demuxer-max-bytes", "32MiB"), ("demuxer-max-back-bytes", "8MiB"),
    ]

    /// Opens a file and stands still at a time; nil for its first picture.
    package func open(_ path: FilePath, at time: Double? = nil) {
        handle.setOption("start", time.map { "\($0)" } ?? "none")
        handle.set("ab-loop-a", "no")
        handle.set("ab-loop-b", "no")
        handle.set("pause", "yes")
        handle.command(["loadfile", path.string])
    }

    /// Closes the file.
    package func close() { handle.command(["stop"]) }

    /// Plays on, or stands still.
    package func setPaused(_ isPaused: Bool) { handle.set("pause", isPaused ? "yes" : "no") }

    /// Jumps to the first picture at or after a time.
    ///
    /// - Parameters:
    ///   - time: in seconds.
    ///   - exactly: whether to decode up to it, or to be content with the key picture before.
    package func seek(to time: Double, exactly: Bool = true) {
        handle.command(["seek", "\(time)", exactly ? "absolute+exact" : "absolute+keyframes"])
    }

    /// Shows the next picture, or the one before, and stands still there. A step backwards ends with
    /// `seekCompleted`; another one that comes before that is lost.
    package func step(forward: Bool) {
        handle.command([forward ? "frame-step" : "frame-back-step"])
    }

    /// Plays a part again and again; nil to play on.
    package func loop(_ range: ClosedRange<Double>?) {
        handle.set("ab-loop-a", range.map { "\($0.lowerBound)" } ?? "no")
        handle.set("ab-loop-b", range.map { "\($0.upperBound)" } ?? "no")
    }

    /// How loud it is, from 0 to 1.
    package func setVolume(_ volume: Double) { handle.set("volume", "\(volume * 100)") }

    /// Whether no sound is heard.
    package func setMuted(_ isMuted: Bool) { handle.set("mute", isMuted ? "yes" : "no") }

    /// Ends the player for good. A renderer of it must have been stopped before.
    package func stop() { pump.stop() }
}
