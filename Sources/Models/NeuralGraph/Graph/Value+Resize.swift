extension Value {
    /// How elements between the given ones are found.
    package enum Interpolation: Sendable {
        /// Linear on both axes; the corners' centres stay where they are (`align_corners`).
        case bilinearAlignedCorners
        /// Linear on both axes; the edges stay where they are.
        case bilinear
        /// Cubic convolution with a = −0.75; the edges stay where they are. (PyTorch's `bicubic`.)
        case bicubic
        /// The nearest element.
        case nearest
    }

    /// Rows and columns, the last two axes of four, interpolated to another size.
    package func resized(rows: Int, columns: Int, _ interpolation: Interpolation) -> Value {
        if isPoisoned { return self }
        guard shape.rank == 4, let counts = shape.counts else {
            return builder.mistake("\(label) cannot be resized")
        }
        if counts[2] == rows, counts[3] == columns { return self }
        let how: [(String, Graph.Attribute)] =
            switch interpolation {
            case .bilinearAlignedCorners:
                [
                    ("mode", .text("linear")),
                    ("coordinate_transformation_mode", .text("align_corners")),
                ]
            case .bilinear:
                [
                    ("mode", .text("linear")),
                    ("coordinate_transformation_mode", .text("half_pixel")),
                ]
            case .bicubic:
                [
                    ("mode", .text("cubic")), ("cubic_coeff_a", .float(-0.75)),
                    ("coordinate_transformation_mode", .text("half_pixel")),
                ]
            case .nearest:
                [
                    ("mode", .text("nearest")), ("nearest_mode", .text("floor")),
                    ("coordinate_transformation_mode", .text("asymmetric")),
                ]
            }
        return builder.add(
            "Resize",
            [self, nil, nil, builder.constant([counts[0], counts[1], rows, columns])],
            how,
            shape: [shape[0], shape[1], .fixed(rows), .fixed(columns)]
        )
    }
}
