import Diagnostics
import SystemPackage

/// Prompts as they were given, not yet resolved for a video.
package struct PromptList: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let prompt: Prompt
        package let origin: PromptOrigin
    }

    /// The most prompts of a list.
    package static let limit = 10_000

    /// In the order in which they were given, which has no effect.
    package private(set) var entries: [Entry] = []
    /// Names of objects.
    package internal(set) var texts: [TextPrompt] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty && texts.isEmpty }

    /// The files of masks.
    package var files: [FilePath] {
        entries.compactMap { entry in
            if case .mask(let path) = entry.prompt.content { path } else { nil }
        }
    }

    /// Adds a prompt.
    ///
    /// - Throws: `EightCutError` when the frame or the object is invalid, or there are more prompts
    ///   than `limit`.
    package mutating func append(_ prompt: Prompt, from origin: PromptOrigin) throws {
        guard entries.count < Self.limit else {
            throw origin.error(
                "there are more than \(Self.limit) prompts",
                remedy: "A few for each object are enough."
            )
        }
        try origin.check(frame: prompt.frame)
        try origin.check(object: prompt.object)
        entries.append(Entry(prompt: prompt, origin: origin))
    }

    /// Adds the prompts of another list.
    ///
    /// - Throws: `EightCutError` when there are more prompts than `limit`.
    package mutating func append(_ list: PromptList) throws {
        for entry in list.entries { try append(entry.prompt, from: entry.origin) }
        for text in list.texts { try append(text) }
    }

    /// The list with coordinates in pixels where they depend on the video in a way that a prompts
    /// file cannot say.
    ///
    /// - Parameters:
    ///   - width: columns of the video, upright.
    ///   - height: rows of the video, upright.
    /// - Returns: the list.
    package func placed(width: Int, height: Int) -> PromptList {
        let pixels = { (length: Length, side: Int) -> Length in
            length == .middle ? .pixels(length.pixels(of: side)) : length
        }
        var list = self
        list.entries = entries.map { entry in
            guard case .point(let place, let isPositive) = entry.prompt.content else {
                return entry
            }
            let point = Coordinate(x: pixels(place.x, width), y: pixels(place.y, height))
            let prompt = Prompt(
                frame: entry.prompt.frame,
                object: entry.prompt.object,
                .point(point, isPositive: isPositive)
            )
            return Entry(prompt: prompt, origin: entry.origin)
        }
        return list
    }

    /// Checks that all prompts are on frames of the video.
    ///
    /// - Parameter count: the number of frames.
    /// - Throws: `EightCutError` that names the first prompt that is not.
    package func check(frameCount count: Int) throws {
        for entry in entries where entry.prompt.frame >= count {
            throw entry.origin.error(
                "it is on frame \(entry.prompt.frame), and the video has "
                    + (count == 1 ? "one frame, which is 0" : "\(count) frames: 0 to \(count - 1)"),
                remedy: "Frames are counted from 0, as the masks are."
            )
        }
    }
}
