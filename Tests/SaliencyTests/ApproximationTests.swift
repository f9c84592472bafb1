import Glibc
import Saliency
import Testing

@Suite("Exponential function and logarithm of the project's own")
struct ApproximationTests {
    @Test("The exponential function is right to six digits")
    func exponential() {
        for step in -7000...7000 {
            let x = Float(step) / 100
            let truth = Glibc.exp(Double(x))
            #expect(abs(Double(Approximations.exp(x)) / truth - 1) < 2e-6)
        }
        #expect(Approximations.exp(-1000).isFinite && Approximations.exp(1000).isFinite)
    }

    @Test("The logarithm is right to six digits")
    func logarithm() {
        var x: Float = 1e-6
        while x < 1e6 {
            let truth = Glibc.log(Double(x))
            #expect(abs(Double(Approximations.log(x)) - truth) < 1e-6 * max(1, abs(truth)))
            x *= 1.003
        }
    }
}
