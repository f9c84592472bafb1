import CMpv
import Diagnostics
import Dispatch
import Imaging
import Synchronization

/// Turns what a player plays into pictures of the size in which they are shown, on a thread of its
/// own.
///
/// libmpv's software renderer scales and converts on the processor: exact wherever there is no
/// graphics card, and cheap enough at the size of a preview.
package final class FrameRenderer: @unchecked Sendable {
    private let context: OpaquePointer
    private let queue = DispatchQueue(label: "player pictures", qos: .userInteractive)
    private let deliver: @Sendable (ScreenImage) -> Void
    private let wanted = Mutex(Wanted())
    /// Touched on the queue only.
    private var isStopped = false

    private struct Wanted {
        var width = 0
        var height = 0
        var isQueued = false
        var mustRender = false
    }

    /// Starts to render a player's pictures.
    ///
    /// - Parameters:
    ///   - player: there is one renderer for each.
    ///   - deliver: called on another thread with each picture.
    /// - Throws: `EightCutError` when libmpv refuses.
    package init(
        _ player: Player,
        deliver: @escaping @Sendable (ScreenImage) -> Void
    ) throws {
        self.deliver = deliver
        var pointer: OpaquePointer?
        let status = "sw".withCString { api in
            var parameters = [
                mpv_render_param(
                    type: MPV_RENDER_PARAM_API_TYPE,
                    data: UnsafeMutableRawPointer(mutating: api)
                ),
                mpv_render_param(type: MPV_RENDER_PARAM_INVALID, data: nil),
            ]
            return mpv_render_context_create(&pointer, player.handle.pointer, &parameters)
        }
        guard status >= 0, let pointer else {
            throw EightCutError(
                .toolFailed,
                "cannot show pictures",
                because: String(cString: mpv_error_string(status))
            )
        }
        context = pointer
        mpv_render_context_set_update_callback(
            context,
            { @Sendable box in
                guard let box else { return }
                Unmanaged<FrameRenderer>.fromOpaque(box).takeUnretainedValue().wake()
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Has the pictures in another size, in pixels of the screen, and renders the last one again.
    package func resize(width: Int, height: Int) {
        let isNew = wanted.withLock { wanted in
            guard (wanted.width, wanted.height) != (width, height) else { return false }
            (wanted.width, wanted.height, wanted.mustRender) = (width, height, true)
            return true
        }
        if isNew { wake() }
    }

    /// Ends it; must come before the player's end. Waits for the picture that is being rendered.
    package func stop() {
        mpv_render_context_set_update_callback(context, nil, nil)
        queue.sync {
            guard !isStopped else { return }
            isStopped = true
            mpv_render_context_free(context)
        }
    }

    /// Called on libmpv's own threads, and may not do more there than this.
    private func wake() {
        let isFirst = wanted.withLock { wanted in
            defer { wanted.isQueued = true }
            return !wanted.isQueued
        }
        if isFirst { queue.async { self.render() } }
    }

    private func render() {
        let (width, height, mustRender) = wanted.withLock { wanted in
            defer { (wanted.isQueued, wanted.mustRender) = (false, false) }
            return (wanted.width, wanted.height, wanted.mustRender)
        }
        guard !isStopped else { return }
        let flags = mpv_render_context_update(context)
        let isNew = flags & UInt64(MPV_RENDER_UPDATE_FRAME.rawValue) != 0
        guard isNew || mustRender, width > 0, height > 0 else { return }
        var status: Int32 = 0
        let image = ScreenImage(width: width, height: height) { bytes in
            status = draw(into: bytes, width, height)
        }
        if status >= 0 { deliver(image) }
    }

    private func draw(
        into bytes: UnsafeMutableRawBufferPointer,
        _ width: Int,
        _ height: Int
    ) -> Int32 {
        var size = (Int32(width), Int32(height))
        var rowBytes = width * 4
        var waits: Int32 = 0
        return "bgr0".withCString { format in
            withUnsafeMutablePointer(to: &size) { size in
                withUnsafeMutablePointer(to: &rowBytes) { rowBytes in
                    withUnsafeMutablePointer(to: &waits) { waits in
                        let values: [(mpv_render_param_type, UnsafeMutableRawPointer?)] = [
                            (MPV_RENDER_PARAM_SW_SIZE, UnsafeMutableRawPointer(size)),
                            (
                                MPV_RENDER_PARAM_SW_FORMAT,
                                UnsafeMutableRawPointer(mutating: format)
                            ),
                            (MPV_RENDER_PARAM_SW_STRIDE, UnsafeMutableRawPointer(rowBytes)),
                            (MPV_RENDER_PARAM_SW_POINTER, bytes.baseAddress),
                            (
                                MPV_RENDER_PARAM_BLOCK_FOR_TARGET_TIME,
                                UnsafeMutableRawPointer(waits)
                            ),
                            (MPV_RENDER_PARAM_INVALID, nil),
                        ]
                        var parameters = values.map { mpv_render_param(type: $0.0, data: $0.1) }
                        return mpv_render_context_render(context, &parameters)
                    }
                }
            }
        }
    }
}
