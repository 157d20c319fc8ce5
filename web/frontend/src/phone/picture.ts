/* Makes a photo small enough for a thin network. Drawing it anew leaves out where and when it was taken. */

export interface Picture {
  file: Blob;
  /** A very small one as a data address, to show while it waits. */
  preview: string;
}

const LONGEST_SIDE = 1600;
const PREVIEW_SIDE = 160;

/** Throws when the browser cannot read the file as a picture. */
export async function shrink(file: File): Promise<Picture> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const whole = draw(image, LONGEST_SIDE);
  const made = await new Promise<Blob | null>((resolve) => whole.toBlob(resolve, "image/jpeg", 0.82));
  if (!made) throw new Error("The browser could not make a picture of this file.");
  const preview = draw(image, PREVIEW_SIDE).toDataURL("image/jpeg", 0.7);
  image.close();
  return { file: made, preview };
}

function draw(image: ImageBitmap, side: number): HTMLCanvasElement {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser cannot draw.");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
