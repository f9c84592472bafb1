import Media

/// What is known of a clip's streams, from the library or from the file.
package struct ClipFacts: Sendable, Equatable {
    package let frameCount: Int
    /// In fps.
    package let frameRate: Rational
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Nil for none.
    package let audio: Audio?

    package struct Audio: Sendable, Equatable {
        /// In Hz.
        package let sampleRate: Int
        /// Samples per channel.
        package let sampleCount: Int
        /// Nil where it is not known.
        package let channels: Int?
        /// Nil where it is not measured.
        package let loudness: Loudness?

        package init(
            sampleRate: Int,
            sampleCount: Int,
            channels: Int? = nil,
            loudness: Loudness? = nil
        ) {
            self.sampleRate = sampleRate
            self.sampleCount = sampleCount
            self.channels = channels
            self.loudness = loudness
        }

        /// In seconds.
        package var duration: Double { Double(sampleCount) / Double(max(1, sampleRate)) }

        /// Whether it lasts so many seconds, exactly.
        package func lasts(atLeast duration: Rational) -> Bool {
            Int128(sampleCount) * Int128(duration.denominator)
                >= Int128(duration.numerator) * Int128(sampleRate)
        }
    }

    /// When the last frame begins, in seconds from the first, where the frame rate varies so much that
    /// count and rate do not say it.
    private let unevenLastFrame: Rational?

    /// - Parameters:
    ///   - frameCount: at least 1.
    ///   - frameRate: in fps, on average.
    ///   - width: columns.
    ///   - height: rows.
    ///   - audio: nil for none.
    ///   - lastFrame: when the last frame begins, in seconds from the first; nil for a constant rate.
    package init(
        frameCount: Int,
        frameRate: Rational,
        width: Int,
        height: Int,
        audio: Audio?,
        lastFrame: Rational? = nil
    ) {
        let slot = Double(frameCount - 1)
        unevenLastFrame = lastFrame.flatMap {
            abs($0.value * frameRate.value - slot) > 0.5 ? $0 : nil
        }
        self.frameCount = frameCount
        self.frameRate = frameRate
        self.width = width
        self.height = height
        self.audio = audio
    }

    /// Length of the video in seconds.
    package var duration: Double { Double(frameCount) / frameRate.value }

    /// When the last frame begins, in seconds from the first.
    package var lastFrame: Double {
        unevenLastFrame?.value ?? Double(frameCount - 1) / frameRate.value
    }

    /// Whether the last frame begins so many seconds after the first or later, exactly.
    package func lastFrame(isAtLeast duration: Rational) -> Bool {
        if let unevenLastFrame {
            return Int128(unevenLastFrame.numerator) * Int128(duration.denominator)
                >= Int128(duration.numerator) * Int128(unevenLastFrame.denominator)
        }
        return Int128(frameCount - 1) * Int128(frameRate.denominator) * Int128(duration.denominator)
            >= Int128(duration.numerator) * Int128(frameRate.numerator)
    }
}
