import CGtk

/// What was drawn once, to be drawn again until it changes: a part of a widget that is costly and does
/// not move while others do.
@MainActor
package final class DrawnLayer {
    private struct Form: Equatable {
        let width, height: Double
        let scale: Int
        /// It follows the theme.
        let colour: Colour
    }

    private var surface: OpaquePointer?
    private var form: Form?

    package init() {}

    isolated deinit { if let surface { cairo_surface_destroy(surface) } }

    /// Has it drawn anew the next time.
    package func invalidate() { form = nil }

    /// Draws it from the top left corner of a widget.
    ///
    /// - Parameters:
    ///   - canvas: the canvas of the widget.
    ///   - width: of the layer, in pixels of the window.
    ///   - height: of the layer.
    ///   - scale: pixels of the screen for each pixel of the window.
    ///   - body: draws it for the first time.
    package func draw(
        on canvas: Canvas,
        _ width: Double,
        _ height: Double,
        scale: Int,
        _ body: (Canvas) -> Void
    ) {
        let wanted = Form(width: width, height: height, scale: scale, colour: canvas.textColour)
        if wanted != form {
            if let surface { cairo_surface_destroy(surface) }
            surface = Self.surface(wanted)
            form = wanted
            if let surface, let cairo = cairo_create(surface) {
                body(canvas.other(cairo))
                cairo_destroy(cairo)
            }
        }
        if let surface { canvas.paint(surface) }
    }

    private static func surface(_ form: Form) -> OpaquePointer? {
        let scale = max(1, form.scale)
        func pixels(_ length: Double) -> Int32 { Int32(max(1, length.rounded(.up))) * Int32(scale) }
        let surface = cairo_image_surface_create(
            CAIRO_FORMAT_ARGB32,
            pixels(form.width),
            pixels(form.height)
        )
        cairo_surface_set_device_scale(surface, Double(scale), Double(scale))
        return surface
    }
}
