/// The filters that every decoded frame goes through before anything else is done with it, so
/// that clips, masks, previews and thumbnails show the same image of it.
package struct FrameFilters: Sendable {
    private let stream: VideoStream

    package init(_ stream: VideoStream) {
        self.stream = stream
    }

    /// The filters, in their order. They keep the number of frames, but for
    /// `Deinterlacing.telecine`, and the size; none where a frame is right as it is.
    package var arguments: [String] {
        stream.toneMapping?.filters(width: stream.width, height: stream.height) ?? []
    }
}
