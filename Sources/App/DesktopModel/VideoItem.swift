import Diagnostics
import Files
import Imaging
import Media
import Observation
import SystemPackage

/// A video of the playlist.
@MainActor
@Observable
package final class VideoItem: Identifiable {
    /// How much is known of it.
    package enum State: Equatable {
        /// It is being looked at.
        case probing
        /// It can be played.
        case ready(MediaSource)
        /// It cannot be used.
        case broken(EightCutError)
    }

    /// Where it is.
    package let path: FilePath
    /// How much is known of it.
    package internal(set) var state = State.probing
    /// A small picture of it.
    package internal(set) var picture: ScreenImage?
    /// How many clips were cut from it.
    package internal(set) var clipCount = 0
    /// Where the cursor was when it was shown last, in seconds.
    package internal(set) var cursor = 0.0
    /// What the library knows it by.
    var fingerprint: FileFingerprint?

    /// Its name without folders.
    package var name: String { path.lastComponent?.string ?? path.string }

    /// What is known when it can be played.
    package var source: MediaSource? {
        if case .ready(let source) = state { return source }
        return nil
    }

    /// Whether it cannot be used.
    package var isBroken: Bool {
        if case .broken = state { return true }
        return false
    }

    /// Its length in seconds, where that is known.
    package var duration: Double? { source?.video.duration }

    init(_ path: FilePath, cursor: Double = 0) {
        self.path = path
        self.cursor = cursor
    }

    /// Finds out what it is.
    func probe() async {
        guard state == .probing else { return }
        do {
            let source = try await VideoProbe.source(of: path)
            let path = self.path
            fingerprint = try await background { try FileFingerprint(of: path) }
            state = .ready(source)
        } catch let error as EightCutError {
            state = .broken(error)
        } catch {}
    }

    /// Makes the small picture, when the video can be played already.
    func takePicture() async {
        guard let source, picture == nil else { return }
        let middle = min(10, (source.video.duration ?? 0) / 3)
        picture = try? await Thumbnails(of: source).image(near: middle, height: 72)
    }
}
