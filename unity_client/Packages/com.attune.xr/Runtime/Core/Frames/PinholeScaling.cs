#nullable enable
using System;

namespace Attune
{
    /// <summary>The camera model of an image that was cropped and scaled from a sensor.</summary>
    public static class PinholeScaling
    {
        /// <summary>
        /// For an image that shows the middle of the sensor, as large as its shape allows. The sensor's principal
        /// point counts from the lower left corner, as Meta gives it; the model's from the upper left.
        /// </summary>
        public static CameraModel OfCentre(
            double fxPx, double fyPx, double cxPx, double cyFromBottomPx, FrameSize sensor, FrameSize image)
        {
            double across = image.WidthPx / (double)sensor.WidthPx;
            double down = image.HeightPx / (double)sensor.HeightPx;
            double scale = Math.Max(across, down);
            double left = (sensor.WidthPx - (image.WidthPx / scale)) / 2;
            double bottom = (sensor.HeightPx - (image.HeightPx / scale)) / 2;
            return new CameraModel(
                fxPx * scale, fyPx * scale, (cxPx - left) * scale,
                image.HeightPx - ((cyFromBottomPx - bottom) * scale), image.WidthPx, image.HeightPx);
        }

        /// <summary>The same camera, for an image of another size.</summary>
        public static CameraModel Resized(CameraModel model, FrameSize size)
        {
            double across = size.WidthPx / (double)model.WidthPx;
            double down = size.HeightPx / (double)model.HeightPx;
            double[] distortion = new double[model.Distortion.Count];
            for (int i = 0; i < distortion.Length; i++)
            {
                distortion[i] = model.Distortion[i];
            }

            return new CameraModel(
                model.FxPx * across, model.FyPx * down, model.CxPx * across, model.CyPx * down,
                size.WidthPx, size.HeightPx, distortion);
        }
    }
}
