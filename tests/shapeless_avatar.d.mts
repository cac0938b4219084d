export function shapelessAvatar(from: string, to: string, look?: string): Promise<void>;
