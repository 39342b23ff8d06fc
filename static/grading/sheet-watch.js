// What a camera sees from picture to picture: whether a sheet is there, near enough, at rest, and another one than was
// taken last. Knows no page.
import { distance, fromSquare } from "./markers.js";

const LEAST_DENSITY = 3.7; // px per mm of the camera's own picture; grading/sheet/scan.py asks for 3.5
const LONG_SIDE = 271; // mm between the outer corners of the markers along A4; other paper is of about that size
const AT_REST = 350; // ms
const STEP = 0.006; // of the sheet's diagonal, from one picture to the next; a px of 800 is 0.0014
const DRIFT = 0.012; // of it, in all of that time
const GONE = 300; // ms without its markers until another sheet may lie there
const [ACROSS, ALONG] = [64, 88]; // of the small print that tells two sheets apart: 3 mm each
const REACH = 4; // places, within which there is paper
const OTHER_LEVEL = 0.2; // of the paper's
const MOST_OTHERS = 3; // of its places, both ways: photos of one sheet had 0 to 3, of two that differ in a digit 4 to 30

export class SheetWatch {
  poses = []; // of the sheet that is seen now: {corners, at}
  taken = null; // the print of the last one that was taken
  isSameLaid = false; // since then no sheet has left
  lastSeen = 0;

  // markers: of `finder`, of whose px `scale` of the camera's own make one; now: ms. {state, corners}, where state is
  // none, partly, several, far, moving, same or still, and corners are the outer ones of the four markers.
  see(markers, finder, scale, now) {
    if (new Set(markers.map(({ id }) => id)).size < markers.length) return this.lose("several", now);
    if (markers.length < 4) return this.lose(markers.length ? "partly" : "none", now);
    this.lastSeen = now;
    const corners = outerCorners(markers);
    this.poses.push({ corners, at: now });
    while (this.poses.length > 2 && now - this.poses[1].at >= AT_REST) this.poses.shift();
    return { corners, state: this.stateOf(corners, finder, scale, now) };
  }

  lose(state, now) {
    this.poses = [];
    if (now - this.lastSeen > GONE) this.isSameLaid = false;
    return { state, corners: null };
  }

  stateOf(corners, finder, scale, now) {
    if (this.isSameLaid) return "same";
    const long = Math.max(...corners.map((corner, index) => distance(corner, corners[(index + 1) % 4])));
    if ((long * scale) / LONG_SIDE < LEAST_DENSITY) return "far";
    if (now - this.poses[0].at < AT_REST || !this.isAtRest()) return "moving";
    if (!this.taken || differences(printOf(finder, corners), this.taken) > MOST_OTHERS) return "still";
    this.isSameLaid = true;
    return "same";
  }

  isAtRest() {
    const all = this.poses.map(({ corners }) => corners);
    const diagonal = distance(all[0][0], all[0][2]);
    const moved = (one, other) =>
      Math.max(...one.map((corner, index) => distance(corner, other[index]))) / diagonal;
    const isSteady = all.slice(1).every((corners, index) => moved(corners, all[index]) < STEP);
    return isSteady && moved(all[0], all.at(-1)) < DRIFT;
  }

  // The sheet that lies there is taken: it is not to be taken again before another one was there.
  remember(finder, corners) {
    this.taken = printOf(finder, corners);
    this.isSameLaid = true;
  }
}

// Clockwise from the sheet's own top left.
export function outerCorners(markers) {
  const byId = [...markers].sort((one, other) => one.id - other.id);
  return byId.map(({ corners }, id) => corners[id]);
}

// The sheet in small, straight, in shares of the paper's light.
export function printOf(finder, corners) {
  const toPicture = fromSquare(corners);
  const cells = new Float32Array(ACROSS * ALONG);
  for (let cell = 0; cell < cells.length; cell++) {
    const [u, v] = [cell % ACROSS, Math.floor(cell / ACROSS)];
    for (let part = 0; part < 9; part++) {
      const [du, dv] = [(0.5 + (part % 3)) / 3, (0.5 + Math.floor(part / 3)) / 3];
      cells[cell] += finder.at(toPicture((u + du) / ACROSS, (v + dv) / ALONG)) / 9;
    }
  }
  const whites = lightest(lightest(cells, 1, ACROSS), ACROSS, ALONG);
  return cells.map((level, cell) => level / Math.max(whites[cell], 1));
}

// Of each place the lightest of its line within reach: paper, whatever shadow lies on it.
function lightest(cells, step, length) {
  return cells.map((_level, cell) => {
    const place = Math.floor(cell / step) % length;
    let best = 0;
    for (let by = -Math.min(REACH, place); by <= REACH && place + by < length; by++)
      best = Math.max(best, cells[cell + by * step]);
    return best;
  });
}

// Places of two prints that say another thing. A hand that held the camera elsewhere moves lines by less than a place, so
// that a place counts only where none of those around it says the same.
export function differences(print, other) {
  return missing(print, other) + missing(other, print);
}

function missing(print, other) {
  let count = 0;
  for (let v = 1; v < ALONG - 1; v++)
    for (let u = 1; u < ACROSS - 1; u++) {
      const level = print[v * ACROSS + u];
      count += around(other, u, v).every((one) => Math.abs(one - level) > OTHER_LEVEL);
    }
  return count;
}

function around(print, u, v) {
  return [-1, 0, 1].flatMap((dv) => [-1, 0, 1].map((du) => print[(v + dv) * ACROSS + u + du]));
}
