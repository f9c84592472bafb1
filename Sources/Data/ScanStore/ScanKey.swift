import Diagnostics
import Files
import Glibc
import Media
import SystemPackage

/// By what a scan is known: what the video contains and how it is read, wherever it lies.
package struct ScanKey: Sendable, Equatable {
    package let fingerprint: FileFingerprint
    /// The name of its folder: hexadecimal digits.
    package let name: String

    /// - Parameters:
    ///   - path: the video.
    ///   - options: how it is read.
    ///   - audio: number of the audio stream that was asked for; nil for the default.
    /// - Throws: `EightCutError` (`inputMissing`) when it cannot be read.
    package init(
        of path: FilePath,
        _ options: VideoOptions,
        audio: Int?
    ) throws {
        fingerprint = try FileFingerprint(of: path)
        let digest = Digest()
        var text =
            "\(fingerprint.bytes) \(fingerprint.headAndTailSHA256) \(options.stream ?? -1) "
            + "\(options.deinterlacing) \(options.imageRate?.description ?? "") \(audio ?? -1)"
        if let images = ImageSequence(path, rate: options.imageRate) {
            // The folder may get another rate, and other audio beside it.
            let beside = try? FileFingerprint(of: images.audioPath)
            text += " \(images.frameRate) \(beside?.headAndTailSHA256 ?? "") \(beside?.bytes ?? 0)"
        }
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        name = String(digest.finish().prefix(32))
    }

    /// The beginning of what its candidates are known by.
    package var shortName: String { String(name.prefix(8)) }
}

/// The folder of all scans. What is in it can be made anew.
package struct ScanCache: Sendable, Equatable {
    package let path: FilePath

    package init(_ path: FilePath) { self.path = path.absolute }

    /// `8cut/find` in the user's folder of caches, for this version of the measures.
    package static var current: ScanCache {
        let caches: FilePath
        if let named = getenv("XDG_CACHE_HOME"), named.pointee == 0x2F {
            caches = FilePath(platformString: named)
        } else {
            caches = EightCutHome.userHome.appending(".cache")
        }
        return ScanCache(
            caches.appending("8cut").appending("find").appending("v\(ScanNote.version)")
        )
    }
}
