import CMpv
import Diagnostics
import Dispatch
import Imaging
import Synchronization

/// Renders a player's frames in the size in which they are shown, on a thread of its own.
///
/// libmpv's software renderer scales and converts on the CPU: it works without a GPU and is cheap
/// enough at the size of a preview.
package final class FrameRenderer: @unchecked Sendable {
    private let context: OpaquePointer
    private let queue = DispatchQueue(label: "player frames", qos: .userInteractive)
    private let deliver: @Sendable (ScreenImage) -> Void
    private let wanted = Mutex(Wanted())
    /// Used on the queue only.
    private var isStopped = false

    private struct Wanted {
        var width = 0
        var height = 0
        var isQueued = false
        var mustRender = false
    }

    /// Starts to render a player's frames; a player has one renderer.
    ///
    /// - Parameters:
    ///   - player: whose frames are rendered.
    ///   - deliver: called on another thread with each frame.
    /// - Throws: `EightCutError` if libmpv cannot create its renderer.
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
                "cannot show frames",
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

    /// Changes the size, in pixels of the screen, and renders the last frame again.
    package func resize(width: Int, height: Int) {
        let isNew = wanted.withLock { wanted in
            guard (wanted.width, wanted.height) != (width, height) else { return false }
            (wanted.width, wanted.height, wanted.mustRender) = (width, height, true)
            return true
        }
        if isNew { wake() }
    }

    /// Renders the last frame again.
    package func renderAgain() {
        wanted.withLock { $0.mustRender = true }
        wake()
    }

    /// Stops rendering, before the player is stopped. Waits for the frame that is being rendered.
    package func stop() {
        mpv_render_context_set_update_callback(context, nil, nil)
        queue.sync {
            guard !isStopped else { return }
            isStopped = true
            mpv_render_context_free(context)
        }
    }

    /// Called on libmpv's threads, where its functions must not be called.
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
