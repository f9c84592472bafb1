extension GraphBuilder {
    /// The input `frame`, [rows, columns, 3], 8-bit red, green, blue, as models take pictures: a
    /// sample `v` of 0…255 becomes `(v * factor - mean) / deviation`.
    ///
    /// - Parameters:
    ///   - rows: those of the picture.
    ///   - columns: those of the picture.
    ///   - factor: what samples are multiplied with.
    ///   - mean: what is taken away from red, green and blue.
    ///   - deviation: what they are divided by.
    /// - Returns: [1, 3, rows, columns] in the model's precision.
    package func picture(
        rows: Int,
        columns: Int,
        factor: Double,
        mean: [Double],
        deviation: [Double]
    ) -> Value {
        let frame = input("frame", .uint8, Shape([rows, columns, 3]))
            .transposed([2, 0, 1])
            .reshaped(Shape([1, 3, rows, columns]))
            .cast(to: precision.type)
        let scale = deviation.map { Float(factor / $0) }
        let shift = zip(mean, deviation).map { Float(-$0 / $1) }
        return frame * constant(scale, shape: [1, 3, 1, 1])
            + constant(shift, shape: [1, 3, 1, 1])
    }
}
