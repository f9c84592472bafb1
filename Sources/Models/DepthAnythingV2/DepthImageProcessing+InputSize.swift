extension DepthImageProcessing {
    /// The size of the model's input for a frame: the rule of DPTImageProcessor's
    /// `get_resize_output_image_size`. Of the two scales that would bring one side to what is
    /// aimed at, the one nearer to 1 is taken for both (when the form is kept), and the sides are
    /// rounded to multiples, halves to the even one. A side that would come to nothing gets one
    /// multiple, where the reference fails.
    ///
    /// - Parameters:
    ///   - width: the frame's width in pixels.
    ///   - height: its height.
    ///   - shorterSide: replaces both sides that are aimed at; nil for what the file says. With
    ///     the form kept, a frame larger than this has it as its shorter side.
    /// - Returns: multiples of `multiple`, at least one.
    package func inputSize(width: Int, height: Int, shorterSide: Int? = nil)
        -> (width: Int, height: Int)
    {
        // Larger sides than any picture has would not fit an Int any more.
        let sides = 1.0...Double(1 << 24)
        let frame = (
            width: Double(width).clamped(to: sides), height: Double(height).clamped(to: sides)
        )
        var scale = (
            width: Double(shorterSide ?? self.width).clamped(to: sides) / frame.width,
            height: Double(shorterSide ?? self.height).clamped(to: sides) / frame.height
        )
        if keepsAspectRatio {
            let nearer = abs(1 - scale.width) < abs(1 - scale.height) ? scale.width : scale.height
            scale = (nearer, nearer)
        }
        return (rounded(scale.width * frame.width), rounded(scale.height * frame.height))
    }

    private func rounded(_ side: Double) -> Int {
        let count = (side / Double(multiple)).rounded(.toNearestOrEven)
        return max(1, Int(count)) * multiple
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
