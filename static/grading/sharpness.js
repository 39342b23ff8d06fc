// How blurred a picture is where a sheet's markers are: of several of one sheet the sharpest is worth sending.
const MARKER = 9; // mm
const PATCH = 160; // px at most that are looked at of a marker
const EDGES = 4; // from black to white and back along a line through a marker, on the average

// mm that an edge is wide, as the sigma of a blur: the mean of all markers. markers: in px of the picture.
export function blurOf(picture, markers) {
  const blurs = markers.map(({ corners }) => blurOfMarker(picture, corners));
  return blurs.reduce((sum, blur) => sum + blur, 0) / blurs.length;
}

function blurOfMarker(picture, corners) {
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const side = Math.hypot(corners[1][0] - corners[0][0], corners[1][1] - corners[0][1]);
  const size = [width, height].map((length) => Math.max(8, Math.min(PATCH, Math.round(length))));
  const context = new OffscreenCanvas(...size).getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, left, top, ...size, 0, 0, ...size);
  return MARKER / side / steepness(context.getImageData(0, 0, ...size));
}

// 1 / px: of an edge that is blurred by a Gaussian of sigma px, the squares of its steps add up to 1 / (2 sqrt(pi) sigma).
function steepness({ data, width, height }) {
  const level = (x, y) => data[4 * (y * width + x) + 1];
  let [black, white, squares] = [255, 0, 0];
  for (let y = 0; y < height - 1; y++)
    for (let x = 0; x < width - 1; x++) {
      const here = level(x, y);
      black = Math.min(black, here);
      white = Math.max(white, here);
      squares += (level(x + 1, y) - here) ** 2 / height + (level(x, y + 1) - here) ** 2 / width;
    }
  const energy = squares / 2 / Math.max(white - black, 1) ** 2;
  return (energy / EDGES) * 2 * Math.sqrt(Math.PI);
}
