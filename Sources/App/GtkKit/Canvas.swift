import CGtk
import Imaging

@MainActor
package final class DrawingArea: Widget {
    private final class Box {
        let draw: @MainActor (Canvas, _ width: Double, _ height: Double) -> Void
        init(_ draw: @escaping @MainActor (Canvas, Double, Double) -> Void) { self.draw = draw }
    }

    package init(role: GtkAccessibleRole, name: String) {
        super.init(Self.make(gtk_drawing_area_get_type(), role: role))
        accessibleName = name
    }

    package func draw(
        _ body: @escaping @MainActor (Canvas, _ width: Double, _ height: Double) -> Void
    ) {
        gtk_drawing_area_set_draw_func(
            cast(raw),
            { area, cairo, width, height, box in
                guard let area, let cairo, let box else { return }
                nonisolated(unsafe) let (area_, cairo_, box_) = (area, cairo, box)
                MainActor.assumeIsolated {
                    let canvas = Canvas(cairo_, for: cast(UnsafeMutableRawPointer(area_)))
                    Unmanaged<Box>.fromOpaque(box_).takeUnretainedValue()
                        .draw(canvas, Double(width), Double(height))
                }
            },
            Unmanaged.passRetained(Box(body)).toOpaque(),
            { box in if let box { Unmanaged<Box>.fromOpaque(box).release() } }
        )
    }

    /// Calls `handler` with the new size in pixels when it changes.
    package func onResize(_ handler: @escaping @MainActor (Int, Int) -> Void) {
        connect("resize") { values in
            handler(values.int(1), values.int(2))
            return nil
        }
    }
}

/// A colour; all components from 0 to 1.
package struct Colour: Sendable, Equatable {
    package let red, green, blue: Double
    package var alpha: Double

    package init(_ red: Double, _ green: Double, _ blue: Double, _ alpha: Double = 1) {
        (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
    }

    /// The same colour, less opaque.
    package func faded(_ alpha: Double) -> Colour { Colour(red, green, blue, alpha) }

    package static let white = Colour(1, 1, 1)
    package static let black = Colour(0, 0, 0)
}

/// A cairo context, in pixels from the top left corner.
@MainActor
package struct Canvas {
    private let cairo: OpaquePointer
    private let widget: UnsafeMutablePointer<GtkWidget>

    init(_ cairo: OpaquePointer, for widget: UnsafeMutablePointer<GtkWidget>) {
        self.cairo = cairo
        self.widget = widget
    }

    /// Another context for the same widget.
    func other(_ cairo: OpaquePointer) -> Canvas { Canvas(cairo, for: widget) }

    /// Draws a surface as it is.
    func paint(_ surface: OpaquePointer) {
        cairo_set_source_surface(cairo, surface, 0, 0)
        cairo_paint(cairo)
    }

    /// The colour of text in the theme.
    package var textColour: Colour {
        var colour = GdkRGBA()
        gtk_style_context_get_color(gtk_widget_get_style_context(widget), &colour)
        return Colour(
            Double(colour.red),
            Double(colour.green),
            Double(colour.blue),
            Double(colour.alpha)
        )
    }

    /// A colour of the theme by its name, such as `accent_bg_color`.
    package func themeColour(_ name: String, else other: Colour) -> Colour {
        var colour = GdkRGBA()
        guard
            gtk_style_context_lookup_color(gtk_widget_get_style_context(widget), name, &colour) != 0
        else { return other }
        return Colour(
            Double(colour.red),
            Double(colour.green),
            Double(colour.blue),
            Double(colour.alpha)
        )
    }

    package func fill(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ colour: Colour)
    {
        use(colour)
        cairo_rectangle(cairo, x, y, width, height)
        cairo_fill(cairo)
    }

    /// Draws the edges of a rectangle.
    ///
    /// - Parameters:
    ///   - x: its left edge.
    ///   - y: its upper edge.
    ///   - width: its width.
    ///   - height: its height.
    ///   - colour: the colour of the line.
    ///   - thickness: of the line.
    ///   - dash: the length of dashes and gaps; nil for a line without gaps.
    package func strokeRectangle(
        _ x: Double,
        _ y: Double,
        _ width: Double,
        _ height: Double,
        _ colour: Colour,
        thickness: Double = 1,
        dash: Double? = nil
    ) {
        use(colour)
        cairo_set_line_width(cairo, thickness)
        if let dash { withUnsafePointer(to: dash) { cairo_set_dash(cairo, $0, 1, 0) } }
        cairo_rectangle(cairo, x, y, width, height)
        cairo_stroke(cairo)
        cairo_set_dash(cairo, nil, 0, 0)
    }

    package func line(
        _ from: (x: Double, y: Double),
        _ to: (x: Double, y: Double),
        _ colour: Colour,
        thickness: Double = 1
    ) {
        use(colour)
        cairo_set_line_width(cairo, thickness)
        cairo_move_to(cairo, from.x, from.y)
        cairo_line_to(cairo, to.x, to.y)
        cairo_stroke(cairo)
    }

    package func disc(_ x: Double, _ y: Double, radius: Double, _ colour: Colour) {
        use(colour)
        cairo_arc(cairo, x, y, radius, 0, 2 * Double.pi)
        cairo_fill(cairo)
    }

    package func circle(
        _ x: Double,
        _ y: Double,
        radius: Double,
        _ colour: Colour,
        thickness: Double = 2
    ) {
        use(colour)
        cairo_set_line_width(cairo, thickness)
        cairo_arc(cairo, x, y, radius, 0, 2 * Double.pi)
        cairo_stroke(cairo)
    }

    /// Fills a shape whose corners are given.
    package func polygon(_ corners: [(x: Double, y: Double)], _ colour: Colour) {
        use(colour)
        for (place, corner) in corners.enumerated() {
            if place == 0 {
                cairo_move_to(cairo, corner.x, corner.y)
            } else {
                cairo_line_to(cairo, corner.x, corner.y)
            }
        }
        cairo_close_path(cairo)
        cairo_fill(cairo)
    }

    /// Draws a text in the theme's font.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - x: its left edge.
    ///   - y: its upper edge.
    ///   - colour: its colour.
    ///   - size: relative to the theme's font size.
    package func text(
        _ text: String,
        _ x: Double,
        _ y: Double,
        _ colour: Colour,
        size: Double = 1
    ) {
        withLayout(text, size) { layout in
            use(colour)
            cairo_move_to(cairo, x, y)
            pango_cairo_show_layout(cairo, layout)
            // Otherwise a line would lead from here to the next arc.
            cairo_new_path(cairo)
        }
    }

    /// Measures a text in the theme's font.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - size: relative to the theme's font size.
    /// - Returns: its width and height in pixels.
    package func size(of text: String, size: Double = 1) -> (width: Double, height: Double) {
        var (width, height) = (Int32(0), Int32(0))
        withLayout(text, size) { layout in pango_layout_get_pixel_size(layout, &width, &height) }
        return (Double(width), Double(height))
    }

    private func withLayout(_ text: String, _ size: Double, _ body: (OpaquePointer) -> Void) {
        guard let layout = gtk_widget_create_pango_layout(widget, text) else { return }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        if size != 1 {
            let context = gtk_widget_get_pango_context(widget)
            if let font = pango_font_description_copy(
                pango_context_get_font_description(context)
            ) {
                let scaled = Double(pango_font_description_get_size(font)) * size
                pango_font_description_set_size(font, Int32(scaled))
                pango_layout_set_font_description(layout, font)
                pango_font_description_free(font)
            }
        }
        body(layout)
    }

    /// Draws an image scaled to a rectangle.
    package func image(
        _ surface: Surface,
        _ x: Double,
        _ y: Double,
        _ width: Double,
        _ height: Double,
        alpha: Double = 1,
        smoothly: Bool = true
    ) {
        cairo_save(cairo)
        cairo_translate(cairo, x, y)
        cairo_scale(cairo, width / Double(surface.width), height / Double(surface.height))
        cairo_set_source_surface(cairo, surface.pointer, 0, 0)
        let filter = smoothly ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_NEAREST
        cairo_pattern_set_filter(cairo_get_source(cairo), filter)
        cairo_paint_with_alpha(cairo, alpha)
        cairo_restore(cairo)
    }

    /// Draws only inside a rectangle what `body` draws.
    package func clipped(
        _ x: Double,
        _ y: Double,
        _ width: Double,
        _ height: Double,
        _ body: () -> Void
    ) {
        cairo_save(cairo)
        cairo_rectangle(cairo, x, y, width, height)
        cairo_clip(cairo)
        body()
        cairo_restore(cairo)
    }

    private func use(_ colour: Colour) {
        cairo_set_source_rgba(cairo, colour.red, colour.green, colour.blue, colour.alpha)
    }
}

/// An image that can be drawn; it shares the memory of a `ScreenImage`.
@MainActor
package final class Surface {
    let pointer: OpaquePointer?
    package let width: Int
    package let height: Int
    /// Owns the memory.
    private let owner: ScreenImage

    /// Wraps an image without a copy.
    package init(_ image: ScreenImage) {
        owner = image
        (width, height) = (image.width, image.height)
        pointer = cairo_image_surface_create_for_data(
            image.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            image.isOpaque ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32,
            Int32(image.width),
            Int32(image.height),
            Int32(image.rowBytes)
        )
    }

    isolated deinit { cairo_surface_destroy(pointer) }
}
