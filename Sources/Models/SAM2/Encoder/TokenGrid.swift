import NeuralGraph

/// Tokens of a frame, one row each, and the order in which they lie.
///
/// Linear layers and norms work on each token by itself, so they do not care for the order. Tokens
/// therefore stay in that of the windows of attention for as long as these keep their size,
/// instead of being laid into windows and back in every block as the reference does.
struct TokenGrid {
    /// How tokens follow each other.
    enum Order: Equatable {
        /// Row by row.
        case raster
        /// Window by window, whose rows and columns are this many tokens; row by row inside.
        case windows(Int)
    }

    /// [rows · columns, channels].
    let value: Value
    /// Tokens from top to bottom.
    let rows: Int
    /// Tokens from left to right.
    let columns: Int
    /// How they follow each other.
    let order: Order

    /// Number of tokens.
    var count: Int { rows * columns }

    /// Other values of the same tokens.
    func with(_ value: Value) -> TokenGrid {
        TokenGrid(value: value, rows: rows, columns: columns, order: order)
    }

    /// Whether windows of this size tile the frame exactly.
    func fits(_ window: Int) -> Bool {
        rows.isMultiple(of: window) && columns.isMultiple(of: window)
    }

    /// The tokens in another order; windows must fit.
    func arranged(_ target: Order) -> TokenGrid {
        if order == target { return self }
        switch (order, target) {
        case (.raster, .windows(let window)):
            let parts = [rows / window, window, columns / window, window]
            return rearranged(parts, to: target)
        case (.windows(let window), .raster):
            let parts = [rows / window, columns / window, window, window]
            return rearranged(parts, to: target)
        default: return arranged(.raster).arranged(target)
        }
    }

    /// Both ways the middle two axes change places.
    private func rearranged(_ parts: [Int], to target: Order) -> TokenGrid {
        let channels = value.shape[1]
        let moved = value.reshaped(Shape(parts.map(Dimension.fixed) + [channels]))
            .transposed([0, 2, 1, 3, 4])
            .reshaped([.fixed(count), channels])
        return TokenGrid(value: moved, rows: rows, columns: columns, order: target)
    }

    /// Row by row with zeros behind, so that windows of this size fit.
    func padded(for window: Int) -> TokenGrid {
        let whole = { (length: Int) in (length + window - 1) / window * window }
        let raster = arranged(.raster)
        guard let channels = value.shape[1].count else { return raster }
        let padded = raster.value.reshaped(Shape([rows, columns, channels]))
            .padded(to: [whole(rows), whole(columns), channels])
            .reshaped(Shape([whole(rows) * whole(columns), channels]))
        return TokenGrid(
            value: padded,
            rows: whole(rows),
            columns: whole(columns),
            order: .raster
        )
    }

    /// The upper left part, row by row.
    func cropped(rows: Int, columns: Int) -> TokenGrid {
        let raster = arranged(.raster)
        guard (rows, columns) != (self.rows, self.columns) else { return raster }
        let channels = value.shape[1]
        let part = raster.value
            .reshaped([.fixed(self.rows), .fixed(self.columns), channels])
            .sliced(axis: 0, 0..<rows)
            .sliced(axis: 1, 0..<columns)
            .reshaped([.fixed(rows * columns), channels])
        return TokenGrid(value: part, rows: rows, columns: columns, order: .raster)
    }

    /// The largest of two by two tokens each; what windows there are must have even sides.
    func pooled() -> TokenGrid {
        let channels = value.shape[1].count ?? 0
        let line: (length: Int, order: Order) =
            switch order {
            case .raster: (columns, .raster)
            case .windows(let window): (window, .windows(window / 2))
            }
        // Two lines at a time, then two neighbours in what is left of them: both times the halves
        // lie side by side.
        let lines = value.reshaped(Shape([count / line.length / 2, 2, line.length * channels]))
            .split(axis: 1, into: 2)
        let tall = Value.maximum(lines[0], lines[1])
        let pairs = tall.reshaped(Shape([count / 4, 2, channels])).split(axis: 1, into: 2)
        return TokenGrid(
            value: Value.maximum(pairs[0], pairs[1]).reshaped(Shape([count / 4, channels])),
            rows: rows / 2,
            columns: columns / 2,
            order: line.order
        )
    }
}
